import { Body, Controller, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { AuditLog, ConnectorSettings } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { boundedText, callbackOf, parseBody, properties, storableText } from '../http/body.ts';
import { callerOf, isClientOnly } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { UserNames, userReference } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { handsOver, notify } from '../recovery/hands-over.ts';
import { SelfRegistration } from '../self-registration/self-registration.ts';
import { actOf, keyOrNothing, requestErrors } from './key-or-nothing.ts';
import { PasswordRecovery } from './password-recovery.ts';
import { PasswordReset } from './password-reset.ts';

const recoverRequest = z.strictObject({ user: userReference, properties: properties.optional() });
const setPasswordRequest = z.strictObject({ key: boundedText(1024), password: z.string().max(4096), properties: properties.optional() });
const steps = ['UPDATE_PASSWORD', 'CONFIRM_SIGN_UP', 'VALIDATE_CHALLENGE_QUESTION', 'VALIDATE_ALL_CHALLENGE_QUESTION'] as const;
const validateCodeRequest = z.strictObject({ code: boundedText(1024), step: z.enum(steps).optional(), properties: properties.optional() });
const recoverQuery = z.object({
  type: storableText(63).optional().meta({ description: 'Has no effect.' }),
  notify,
});
const keyOwner = z.object({ username: z.string(), realm: z.string(), 'tenant-domain': z.string() });

/** WSO2's recovery API v0.9: for portals and administrators, never anonymous. */
@Controller('api/identity/recovery/v0.9')
export class RecoveryV09 {
  constructor(
    @Inject(PasswordRecovery) private readonly recovery: PasswordRecovery,
    @Inject(PasswordReset) private readonly passwordReset: PasswordReset,
    @Inject(SelfRegistration) private readonly selfRegistration: SelfRegistration,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
  ) {}

  @Post('recover-password')
  @HttpCode(202)
  @Operation({
    summary: 'Send a recovery link',
    description: 'The property `callback` is where the person goes on afterwards. Known and unknown users get the same answer.',
    access: 'recovery-client',
    headers: idempotent.headers,
    query: recoverQuery,
    body: recoverRequest,
    example: { user: { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, properties: [{ key: 'callback', value: 'https://portal.example.com/after' }] },
    responses: { 202: { description: 'Accepted; the body is empty, or the key where the tenant does not notify by itself.', body: z.string(), type: 'text/plain' } },
    errors: [...requestErrors, ...idempotent.errors],
  })
  async recoverPassword(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown, @Body() body: unknown): Promise<string | undefined> {
    const caller = callerOf(request.raw);
    const { notify: asked } = parseBody(recoverQuery, query);
    const { user, properties: list = [] } = parseBody(recoverRequest, body);
    const callback = callbackOf(list);
    const name = await this.names.resolve(request.raw, user);
    return this.idempotency.once(request, reply, async () => {
      const isHandedOver = await handsOver(this.settings, name.tenantDomain, asked);
      const outcome = isHandedOver
        ? await this.recovery.handOver(name, { callback, mayBeTold: true, byClient: isClientOnly(caller) })
        : await this.recovery.request(name, { callback, mayBeTold: true });
      this.audit.act(actOf(outcome, name.tenantDomain));
      return keyOrNothing(outcome, reply);
    });
  }

  @Post('set-password')
  @HttpCode(200)
  @Operation({
    summary: 'Set a new password with the key',
    description: 'A password that is refused (412) does not spend it.',
    access: 'recovery-client',
    headers: idempotent.headers,
    body: setPasswordRequest,
    example: { key: 'the key of the mailed link', password: 'correct horse battery staple', properties: [] },
    responses: { 200: { description: 'The password is set, and every session ended.', body: keyOwner } },
    errors: ['18001', '20035', '22001', ...idempotent.errors],
  })
  async setPassword(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof keyOwner>> {
    const caller = callerOf(request.raw);
    const { key, password } = parseBody(setPasswordRequest, body);
    const tenantDomain = await this.names.tenantInPath(request.raw);
    return this.idempotency.once(request, reply, async () => {
      const outcome = await this.passwordReset.reset(key, password, tenantDomain, { byClient: isClientOnly(caller) });
      switch (outcome.kind) {
        case 'reset':
          await this.signIns.forgetGuesses(outcome.user);
          return { username: outcome.user.username, realm: outcome.user.realm, 'tenant-domain': outcome.user.tenantDomain };
        case 'key-not-live':
          this.audit.act({ operation: 'validateKey', tenantDomain: await this.names.tenant(request.raw), user: null, outcome: '18001' });
          throw new ApiError('18001');
        case 'password-refused':
          throw passwordRefused(outcome, { key });
      }
    });
  }

  /** Says whose key it is, and leaves it live: one that confirms an account too, which `POST /api/identity/user/v1.0/validate-code` spends. */
  @Post('validate-code')
  @HttpCode(202)
  @Operation({ summary: 'Whose key it is', description: 'Does not spend it. A key that sets a password is one at the step `UPDATE_PASSWORD`, the default; one that confirms an account, at `CONFIRM_SIGN_UP`; at any other there is none.', access: 'recovery-client', body: validateCodeRequest, responses: { 202: { description: 'The key is live.', body: keyOwner } }, errors: ['18001'] })
  async validateCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof keyOwner>> {
    const { code, step = 'UPDATE_PASSWORD' } = parseBody(validateCodeRequest, body);
    const checked = step === 'UPDATE_PASSWORD' ? this.passwordReset : step === 'CONFIRM_SIGN_UP' ? this.selfRegistration : null;
    const user = (await checked?.check(code, await this.names.tenantInPath(request.raw))) ?? null;
    this.audit.act({ operation: 'validateKey', tenantDomain: user?.tenantDomain ?? (await this.names.tenant(request.raw)), user, outcome: user ? 'done' : '18001' });
    if (!user) throw new ApiError('18001');
    return { username: user.username, realm: user.realm, 'tenant-domain': user.tenantDomain };
  }
}
