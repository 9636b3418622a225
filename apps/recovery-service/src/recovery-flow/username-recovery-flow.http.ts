import { Body, Controller, HttpCode, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import { AuditLog } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import type { ErrorCode } from '../http/error-catalogue.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import type { ApiVersion } from './flow-code.ts';
import { FlowDoors } from './flow-doors.ts';
import { granted, initRequest, recoverRequest, startedFlow, startedFlowBody } from './started-flow.ts';
import { UsernameRecoveryFlow } from './username-recovery-flow.ts';

const mailedBody = z.object({ code: z.literal('UNR-02001'), message: z.string(), notificationChannel: z.literal('EMAIL') });
const handedOverBody = z.object({ code: z.literal('UNR-02002'), message: z.string(), notificationChannel: z.literal('EXTERNAL'), username: z.string() });

/** The username half of WSO2's account recovery API, of one version: for portals and administrators, never anonymous. */
function usernameRecoveryDoor(version: ApiVersion): Type<object> {
  const own: readonly ErrorCode[] = version === 'v1' ? ['UAR-10017', 'UNR-10001'] : ['UNR-10001'];

  @Controller(`api/users/${version}/recovery/username`)
  class UsernameRecoveryDoor {
    constructor(
      @Inject(UsernameRecoveryFlow) private readonly flow: UsernameRecoveryFlow,
      @Inject(FlowDoors) private readonly doors: FlowDoors,
      @Inject(AuditLog) private readonly audit: AuditLog,
      @Inject(Idempotency) private readonly idempotency: Idempotency,
    ) {}

    @Post('init')
    @HttpCode(200)
    @Operation({
      summary: 'Begin to recover a username',
      description: 'By claims that one account alone has: of those that `GET /claims` of v0.9 lists, each once. Known and unknown users get the same answer, unless `[identity_mgt.recovery]` tells callers who exists, or they notify by themselves.',
      access: 'recovery-client',
      body: initRequest,
      responses: { 200: { description: 'The channels that the person can be reached by, and the code for the next call.', body: startedFlowBody({}) } },
      errors: [...own, '20014', 'UAR-10002', 'UAR-10003', 'UAR-10007', 'UAR-17003', 'UAR-17004'],
    })
    async init(@Req() request: FastifyRequest, @Body() body: unknown): Promise<unknown> {
      const door = await this.doors.enter(request.raw, version);
      const { claims } = parseBody(initRequest, body);
      return startedFlow(door, granted(await this.flow.start(door, claims)), 'username/recover');
    }

    @Post('recover')
    @HttpCode(202)
    @Operation({
      summary: 'Tell the person the username by a channel',
      access: 'recovery-client',
      headers: idempotent.headers,
      body: recoverRequest,
      responses: { 202: { description: 'Accepted.', body: mailedBody }, 200: { description: 'For a caller who brings it to the person.', body: handedOverBody } },
      errors: [...own, 'UAR-10001', 'UAR-10004', 'UAR-10008', 'UAR-10013', ...idempotent.errors],
    })
    async recover(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof mailedBody> | z.output<typeof handedOverBody>> {
      const door = await this.doors.enter(request.raw, version);
      const { recoveryCode, channelId } = parseBody(recoverRequest, body);
      return this.idempotency.once(request, reply, async () => {
        const told = granted(await this.flow.tell(door, recoveryCode, channelId));
        this.audit.act({ operation: told.kind === 'mailed' ? 'requestUsername' : 'handOverUsername', tenantDomain: door.tenantDomain, user: told.kind === 'mailed' ? null : told.user });
        if (told.kind === 'mailed') return { code: 'UNR-02001', message: 'Username recovery information sent via user preferred notification channel.', notificationChannel: 'EMAIL' } as const;
        void reply.status(200);
        return { code: 'UNR-02002', message: 'Username recovery information sent externally.', notificationChannel: 'EXTERNAL', username: told.user.username } as const;
      });
    }
  }
  return UsernameRecoveryDoor;
}

export const UsernameRecoveryV1 = usernameRecoveryDoor('v1');
export const UsernameRecoveryV2 = usernameRecoveryDoor('v2');
