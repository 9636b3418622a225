import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { AuditLog, awaitsPassword, ConnectorSettings } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { askedByName, refuseUnsolved } from '../captcha/asked-by-name.ts';
import { Captcha } from '../captcha/captcha.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { ApiError, type ErrorCode } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { UserNames } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { shownPasswordPolicy, type ShownPasswordPolicy } from '../password-policy/shown-password-policy.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { broughtByOthers, handsOver } from '../recovery/hands-over.ts';
import { actOf } from './key-or-nothing.ts';
import { PasswordRecovery, type RequestOutcome } from './password-recovery.ts';
import { PasswordReset } from './password-reset.ts';

const keyRequest = z.strictObject({ key: boundedText(1024) });
const resetRequest = z.strictObject({ key: boundedText(1024), password: z.string().max(4096) });

const accepted = z.object({});
const liveKey = z.object({
  username: z.string().meta({ description: 'Whose it is: for password managers, and for asking again.' }),
  isFirst: z.boolean().meta({ description: 'Whether it is for the first password of the account.' }),
  passwordPolicy: shownPasswordPolicy,
});
const recovered = z.object({ username: z.string() });

const requestErrors: readonly ErrorCode[] = ['18016', '20017', '20044', 'RKY-10008', 'RKY-10011', 'RKY-10130', ...idempotent.errors];

/** What My Account's pages ask, without credentials: the answers tell a stranger nothing. */
@Controller('api/rekey/v1/recovery')
export class MyAccountRecovery {
  constructor(
    @Inject(PasswordRecovery) private readonly recovery: PasswordRecovery,
    @Inject(PasswordReset) private readonly passwordReset: PasswordReset,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Captcha) private readonly captcha: Captcha,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('passwordPolicy') private readonly passwordPolicyOf: (tenantDomain: string) => Promise<ShownPasswordPolicy>,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    summary: 'Ask for a recovery link',
    access: 'anyone',
    headers: idempotent.headers,
    body: askedByName,
    example: { username: 'kim' },
    responses: { 202: { description: 'Accepted: the same for every name.', body: accepted } },
    errors: requestErrors,
  })
  async request(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<Record<string, never>> {
    return this.accept(request, reply, body, (name) => this.recovery.request(name, { clientAddress: this.addresses.of(request.raw) }));
  }

  @Post('resend')
  @HttpCode(202)
  @Operation({ summary: 'Ask for the same link once more', access: 'anyone', headers: idempotent.headers, body: askedByName, responses: { 202: { description: 'Accepted: the same for every name.', body: accepted } }, errors: requestErrors })
  async sendAgain(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<Record<string, never>> {
    return this.accept(request, reply, body, (name) => this.recovery.sendAgain(name, this.addresses.of(request.raw)));
  }

  @Post('key')
  @HttpCode(200)
  @Operation({ summary: 'Whether a recovery key is live', description: 'Does not spend it.', access: 'anyone', body: keyRequest, responses: { 200: { description: 'It is; and what the new password must be like.', body: liveKey } }, errors: ['18001', '18016', 'RKY-10011'] })
  async check(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof liveKey>> {
    const { key } = parseBody(keyRequest, body);
    await this.addressLimit.spend(request.raw);
    const account = await this.passwordReset.checkAccount(key, await this.names.tenantInPath(request.raw));
    if (!account) throw new ApiError('18001');
    const { user: { username, tenantDomain }, claims } = account;
    return { username, isFirst: awaitsPassword(claims), passwordPolicy: await this.passwordPolicyOf(tenantDomain) };
  }

  /** Signs nobody in: whoever has the link alone must not pass for a signed-in person (S31). */
  @Post('reset')
  @HttpCode(200)
  @Operation({
    summary: 'Set a new password with the key',
    description: 'Signs nobody in.',
    access: 'anyone',
    headers: idempotent.headers,
    body: resetRequest,
    example: { key: 'the key of the mailed link', password: 'correct horse battery staple' },
    responses: { 200: { description: 'The password is set, and every session ended.', body: recovered } },
    errors: ['18001', '18016', '20035', '22001', 'RKY-10011', 'RKY-10012', ...idempotent.errors],
  })
  async reset(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof recovered>> {
    const { key, password } = parseBody(resetRequest, body);
    await this.addressLimit.spend(request.raw);
    const tenantDomain = await this.names.tenantInPath(request.raw);
    return this.idempotency.once(request, reply, async () => {
      const outcome = await this.passwordReset.reset(key, password, tenantDomain, { clientAddress: this.addresses.of(request.raw) });
      switch (outcome.kind) {
        case 'reset':
          await this.signIns.forgetGuesses(outcome.user);
          await this.signIns.rememberHere(request.raw, outcome.user);
          return { username: outcome.user.username };
        case 'key-not-live':
          this.audit.act({ operation: 'validateKey', tenantDomain: await this.names.tenant(request.raw), user: null, outcome: '18001' });
          throw new ApiError('18001');
        case 'password-refused':
          throw passwordRefused(outcome, { key });
      }
    });
  }

  private async accept(request: FastifyRequest, reply: FastifyReply, body: unknown, ask: (name: Awaited<ReturnType<UserNames['resolve']>>) => Promise<RequestOutcome>): Promise<Record<string, never>> {
    const { username, captcha } = parseBody(askedByName, body);
    await this.addressLimit.spend(request.raw);
    const name = await this.names.resolve(request.raw, { username });
    return this.idempotency.once(request, reply, async () => {
      if (await handsOver(this.settings, name.tenantDomain)) {
        this.audit.act(actOf({ kind: 'refused', code: '20017' }, name.tenantDomain));
        throw broughtByOthers();
      }
      refuseUnsolved(await this.captcha.admit(captcha, { tenantDomain: name.tenantDomain, purpose: 'password-recovery' }, this.addresses.of(request.raw)));
      const outcome = await ask(name);
      this.audit.act(actOf(outcome, name.tenantDomain));
      if (outcome.kind === 'refused') throw new ApiError(outcome.code);
      return {};
    });
  }
}
