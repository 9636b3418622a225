import { Body, Controller, HttpCode, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import { AuditLog } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { links } from '../api-docs/error-response.ts';
import { Operation } from '../api-docs/operation.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { boundedText, callbackOf, parseBody, properties } from '../http/body.ts';
import { callerOf, isClientOnly, type Caller } from '../http/caller.ts';
import type { ErrorCode } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { UserNames } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { actOf } from '../password-recovery/key-or-nothing.ts';
import type { ApiVersion, FlowDoor } from './flow-code.ts';
import { FlowDoors } from './flow-doors.ts';
import type { FlowRefused } from './flow-refusal.ts';
import { linksTo } from './links.ts';
import { PasswordRecoveryFlow, type Confirmed, type Notified } from './password-recovery-flow.ts';
import { passwordRecoveryVersions } from './password-recovery-versions.ts';
import { granted, initRequest, recoverRequest, startedFlow, startedFlowBody } from './started-flow.ts';

const usernameClaim = 'http://wso2.org/claims/username';
const resendRequest = z.strictObject({ resendCode: boundedText(1024), properties: properties.optional() });

const confirmedBody = z.object({ resetCode: z.string(), links });
const resetBody = z.object({ code: z.literal('PWR-02005'), message: z.string() });

const takenErrors: readonly ErrorCode[] = ['PWR-10002', 'UAR-10001', 'UAR-10008', 'UAR-10013'];
/** WSO2's codes here for what it calls otherwise elsewhere. */
const passwordErrors: Readonly<Record<string, ErrorCode>> = { '20035': 'PWR-10006', '22001': 'PWR-10005' };

/** The password half of WSO2's account recovery API, of one version: for portals and administrators, never anonymous. */
function passwordRecoveryDoor(version: ApiVersion): Type<object> {
  const { errors: own, flowErrors, flowField, flowFieldOf, confirmRequest, resetRequest } = passwordRecoveryVersions[version];
  const notifiedBody = z.object({ code: z.string(), message: z.string(), ...flowField, notificationChannel: z.literal('EMAIL'), resendCode: z.string(), links });
  const handedOverBody = notifiedBody.extend({ notificationChannel: z.literal('EXTERNAL'), confirmationCode: z.string() });

  @Controller(`api/users/${version}/recovery/password`)
  class PasswordRecoveryDoor {
    constructor(
      @Inject(PasswordRecoveryFlow) private readonly flow: PasswordRecoveryFlow,
      @Inject(FlowDoors) private readonly doors: FlowDoors,
      @Inject(UserNames) private readonly names: UserNames,
      @Inject(SignIns) private readonly signIns: SignIns,
      @Inject(AuditLog) private readonly audit: AuditLog,
      @Inject(Idempotency) private readonly idempotency: Idempotency,
    ) {}

    @Post('init')
    @HttpCode(200)
    @Operation({
      summary: 'Begin to recover a password',
      description: `The claim \`${usernameClaim}\` says whose, or others that one account alone has, or both: of those that \`GET /claims\` of v0.9 lists, each once. Known and unknown users get the same answer, unless \`[identity_mgt.recovery]\` tells callers who exists.`,
      access: 'recovery-client',
      body: initRequest,
      example: { claims: [{ uri: usernameClaim, value: 'kim' }], properties: [] },
      responses: { 200: { description: 'The channels that the person can be reached by, and the code for the next call.', body: startedFlowBody(flowField) } },
      errors: [...own, '20014', 'PWR-10004', 'UAR-10002', 'UAR-10003', 'UAR-10007', 'UAR-17003', 'UAR-17004'],
    })
    async init(@Req() request: FastifyRequest, @Body() body: unknown): Promise<unknown> {
      const { door } = await this.enter(request);
      const { claims } = parseBody(initRequest, body);
      const named = claims.find(({ uri }) => uri === usernameClaim);
      const others = claims.filter((claim) => claim !== named);
      const started = granted(named ? await this.flow.start(door, await this.names.resolve(request.raw, { username: named.value }), others) : await this.flow.startByClaims(door, claims));
      return startedFlow(door, started, 'password/recover', flowFieldOf(started.flowCode));
    }

    @Post('recover')
    @HttpCode(202)
    @Operation({
      summary: 'Notify the person by a channel',
      description: 'The property `callback` is where the person goes on afterwards.',
      access: 'recovery-client',
      headers: idempotent.headers,
      body: recoverRequest,
      example: { recoveryCode: 'the code of init', channelId: '1', properties: [] },
      responses: { 202: { description: 'Accepted.', body: notifiedBody }, 200: { description: 'For a caller who brings the confirmation code to the person.', body: handedOverBody } },
      errors: [...own, ...takenErrors, 'PWR-10007', 'UAR-10004', ...idempotent.errors],
    })
    async recover(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<unknown> {
      const { door, caller } = await this.enter(request);
      const { recoveryCode, channelId, properties: list = [] } = parseBody(recoverRequest, body);
      return this.idempotency.once(request, reply, async () => {
        const notified = granted(await this.flow.notify(door, recoveryCode, channelId, { callback: callbackOf(list), byClient: isClientOnly(caller) }));
        const success = notified.channel === 'EXTERNAL' ? { code: 'PWR-02002', message: 'Password recovery information sent externally.' } : { code: 'PWR-02001', message: 'Password recovery information sent via user preferred notification channel.' };
        return this.tell(door, notified, success, reply);
      });
    }

    @Post('resend')
    @HttpCode(202)
    @Operation({
      summary: 'Notify the person once more',
      access: 'recovery-client',
      headers: idempotent.headers,
      body: resendRequest,
      responses: { 202: { description: 'Accepted.', body: notifiedBody }, 200: { description: 'For a caller who brings the confirmation code to the person: another one.', body: handedOverBody } },
      errors: [...own, ...takenErrors, 'UAR-10012', ...idempotent.errors],
    })
    async resend(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<unknown> {
      const { door, caller } = await this.enter(request);
      const { resendCode } = parseBody(resendRequest, body);
      return this.idempotency.once(request, reply, async () => {
        const notified = granted(await this.flow.notifyAgain(door, resendCode, { byClient: isClientOnly(caller) }));
        return this.tell(door, notified, { code: 'UAR-02001', message: 'Confirmation code resent to the user.' }, reply);
      });
    }

    @Post('confirm')
    @HttpCode(200)
    @Operation({
      summary: 'Confirm with what the person was sent',
      access: 'recovery-client',
      body: confirmRequest,
      example: { confirmationCode: 'the key of the mailed link', properties: [] },
      responses: { 200: { description: 'It is right; the reset code sets the password.', body: confirmedBody } },
      errors: [...own, 'UAR-10001', ...flowErrors],
    })
    async confirm(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof confirmedBody>> {
      const { door } = await this.enter(request);
      const { confirmationCode, otp } = parseBody(confirmRequest, body);
      const outcome: Confirmed | FlowRefused = otp === undefined ? await this.flow.confirm(door, confirmationCode) : await this.flow.confirmByCode(door, confirmationCode, otp);
      const isRight = outcome.kind === 'confirmed';
      this.audit.act({ operation: 'validateKey', tenantDomain: door.tenantDomain, user: isRight ? outcome.user : null, outcome: isRight ? 'done' : outcome.code });
      return { resetCode: granted(outcome).resetCode, links: linksTo(door, { next: 'password/reset' }) };
    }

    @Post('reset')
    @HttpCode(200)
    @Operation({
      summary: 'Set the new password',
      access: 'recovery-client',
      headers: idempotent.headers,
      body: resetRequest,
      example: { resetCode: 'the code of confirm', ...flowFieldOf('the code of recover'), password: 'correct horse battery staple', properties: [] },
      responses: { 200: { description: 'The password is set, and every session ended.', body: resetBody } },
      errors: [...own, 'PWR-10005', 'PWR-10006', 'UAR-10001', ...flowErrors, ...idempotent.errors],
    })
    async reset(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof resetBody>> {
      const { door, caller } = await this.enter(request);
      const { resetCode, password, flowConfirmationCode: flowCode = null } = parseBody(resetRequest, body);
      return this.idempotency.once(request, reply, async () => {
        const outcome = granted(await this.flow.reset(door, resetCode, flowCode, password, { byClient: isClientOnly(caller) }));
        if (outcome.kind === 'password-refused') throw passwordRefused({ ...outcome, code: passwordErrors[outcome.code] ?? outcome.code }, { resetCode, links: linksTo(door, { next: 'password/reset' }) });
        if (outcome.kind === 'reset') await this.signIns.forgetGuesses(outcome.user);
        return { code: 'PWR-02005', message: 'Successful password reset.' } as const;
      });
    }

    private async enter(request: FastifyRequest): Promise<{ readonly door: FlowDoor; readonly caller: Caller }> {
      const caller = callerOf(request.raw);
      return { door: await this.doors.enter(request.raw, version), caller };
    }

    private tell(door: FlowDoor, { channel, flowCode, resendCode, confirmationCode, outcome }: Notified, success: { code: string; message: string }, reply: FastifyReply): unknown {
      this.audit.act(actOf(outcome, door.tenantDomain));
      if (channel === 'EXTERNAL') void reply.status(200);
      return {
        ...success,
        ...flowFieldOf(flowCode),
        notificationChannel: channel,
        ...(confirmationCode === null ? {} : { confirmationCode }),
        resendCode,
        links: linksTo(door, { next: 'password/confirm', resend: 'password/resend' }),
      };
    }
  }
  return PasswordRecoveryDoor;
}

export const PasswordRecoveryV1 = passwordRecoveryDoor('v1');
export const PasswordRecoveryV2 = passwordRecoveryDoor('v2');
