import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { AuditLog, ConnectorSettings } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody, storableText, textOrNone } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { handsOver, notify } from '../recovery/hands-over.ts';
import { describedClaim, usernameClaims } from './username-claims.ts';
import { UsernameRecovery } from './username-recovery.ts';

/** A portal sends back what `GET /claims` gave it: what was not filled in is null there. */
const claimsRequest = z.array(z.strictObject({ uri: boundedText(255), value: storableText(1024).nullish() })).max(20);
const tenantQuery = z.object({ 'tenant-domain': textOrNone(255) });
const recoverQuery = tenantQuery.extend({ notify });
const claimsQuery = tenantQuery.extend({ 'profile-name': boundedText(255).optional().meta({ description: 'Has no effect: the claims are the same in every one of WSO2’s profiles.' }) });

/** Username recovery of WSO2's recovery API v0.9: for portals and administrators, who are told whether anybody was found. */
@Controller('api/identity/recovery/v0.9')
export class UsernameRecoveryV09 {
  constructor(
    @Inject(UsernameRecovery) private readonly recovery: UsernameRecovery,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
  ) {}

  /** 202 where one account has all of the claims, with its name for a caller who brings it to the person; else 204. */
  @Post('recover-username')
  @HttpCode(202)
  @Operation({
    summary: 'Mail the username to whoever has these claims',
    description: 'Of the claims that `GET /claims` lists, at least one, each once; all of them must be the account’s.',
    access: 'recovery-client',
    headers: idempotent.headers,
    query: recoverQuery,
    body: claimsRequest,
    example: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'kim@example.com' }],
    responses: {
      202: { description: 'One account has them. The body is empty, or the username where the tenant does not notify by itself.', body: z.string(), type: 'text/plain' },
      204: { description: 'No account has them, or several have.' },
    },
    errors: ['20014', '20031', ...idempotent.errors],
  })
  async recoverUsername(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown, @Body() body: unknown): Promise<string | undefined> {
    const { notify: asked, 'tenant-domain': inQuery } = parseBody(recoverQuery, query);
    const claims = parseBody(claimsRequest, body).flatMap(({ uri, value }) => (value ? [{ uri, value }] : []));
    const tenantDomain = await this.names.tenant(request.raw, inQuery);
    return this.idempotency.once(request, reply, async () => {
      const sought = await this.recovery.find(tenantDomain, claims);
      if (sought.kind === 'refused') {
        this.audit.act({ operation: 'requestUsername', tenantDomain, user: null, outcome: sought.code });
        throw new ApiError(sought.code);
      }
      const isHandedOver = await handsOver(this.settings, tenantDomain, asked);
      if (!isHandedOver && sought.kind === 'found') await this.recovery.mail(sought);
      const user = sought.kind === 'found' ? sought.account.user : null;
      this.audit.act({ operation: isHandedOver ? 'handOverUsername' : 'requestUsername', tenantDomain, user, outcome: user ? 'done' : sought.kind });
      if (!user) void reply.status(204);
      if (!user || !isHandedOver) return undefined;
      void reply.header('content-type', 'text/plain; charset=utf-8');
      return user.username;
    });
  }

  @Get('claims')
  @Operation({ summary: 'List the claims to recover a username by', access: 'recovery-client', query: claimsQuery, responses: { 200: { description: 'The claims.', body: z.array(describedClaim) } } })
  async claims(@Req() request: FastifyRequest, @Query() query: unknown): Promise<typeof usernameClaims> {
    await this.names.tenant(request.raw, parseBody(claimsQuery, query)['tenant-domain']);
    return usernameClaims;
  }
}
