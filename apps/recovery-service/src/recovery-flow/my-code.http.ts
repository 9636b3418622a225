import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { AuditLog, ConnectorSettings } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { askedByName, refuseUnsolved } from '../captcha/asked-by-name.ts';
import { Captcha } from '../captcha/captcha.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { UserNames } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { shownPasswordPolicy, type ShownPasswordPolicy } from '../password-policy/shown-password-policy.ts';
import { actOf } from '../password-recovery/key-or-nothing.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { broughtByOthers, handsOver } from '../recovery/hands-over.ts';
import type { FlowDoor } from './flow-code.ts';
import type { FlowRefused } from './flow-refusal.ts';
import { PasswordRecoveryFlow, type Confirmed } from './password-recovery-flow.ts';
import { granted } from './started-flow.ts';

const flow = boundedText(1024).meta({ description: 'What asking for the code has given: a code is right with its own alone.' });
const codeRequest = z.strictObject({ flow, code: boundedText(64) });
const forcedRequest = askedByName.extend({ code: boundedText(64) });
const resetRequest = z.strictObject({ flow, resetCode: boundedText(1024), password: z.string().max(4096) });

const mailed = z.object({ flow: z.string() });
const confirmed = z.object({ resetCode: z.string(), username: z.string(), passwordPolicy: shownPasswordPolicy });
const forcedConfirmed = confirmed.extend({ flow: z.string().meta({ description: 'The reset code is right with it alone.' }) });
const recovered = z.object({ username: z.string() });

/** A forgotten password by a code in the place of a link, for whoever asks at My Account's pages: without credentials, so that each answer is the same for everybody who has no right code. */
@Controller('api/rekey/v1/recovery/code')
export class MyCode {
  constructor(
    @Inject(PasswordRecoveryFlow) private readonly recovery: PasswordRecoveryFlow,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(Captcha) private readonly captcha: Captcha,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('passwordPolicy') private readonly passwordPolicyOf: (tenantDomain: string) => Promise<ShownPasswordPolicy>,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    summary: 'Ask for a code by mail',
    description: 'Asked again, it is the same code within the cooldown, and another one later.',
    access: 'anyone',
    headers: idempotent.headers,
    body: askedByName,
    example: { username: 'kim' },
    responses: { 202: { description: 'Accepted: the same for every name.', body: mailed } },
    errors: ['18016', '20017', 'RKY-10008', 'RKY-10011', 'RKY-10130', ...idempotent.errors],
  })
  async request(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof mailed>> {
    const { username, captcha } = parseBody(askedByName, body);
    await this.addressLimit.spend(request.raw);
    const name = await this.names.resolve(request.raw, { username });
    const clientAddress = this.addresses.of(request.raw);
    return this.idempotency.once(request, reply, async () => {
      const isOff = !(await this.settings.accountRecovery(name.tenantDomain)).otpByEmail;
      if (isOff || (await handsOver(this.settings, name.tenantDomain))) {
        this.audit.act(actOf({ kind: 'refused', code: '20017' }, name.tenantDomain));
        throw isOff ? new ApiError('20017') : broughtByOthers();
      }
      refuseUnsolved(await this.captcha.admit(captcha, { tenantDomain: name.tenantDomain, purpose: 'password-recovery' }, clientAddress));
      const { flowCode, outcome } = granted(await this.recovery.mailCode(doorOf(name.tenantDomain), name, clientAddress));
      this.audit.act(actOf(outcome, name.tenantDomain));
      return { flow: flowCode };
    });
  }

  @Post('confirm')
  @HttpCode(200)
  @Operation({
    summary: 'Enter the code',
    access: 'anyone',
    body: codeRequest,
    example: { flow: 'what asking for the code has given', code: '123456' },
    responses: { 200: { description: 'It is right, once; the reset code sets the password.', body: confirmed } },
    errors: ['18016', 'UAR-10001', 'UAR-10008', 'UAR-10015', 'RKY-10011'],
  })
  async confirm(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof confirmed>> {
    const { flow: flowCode, code } = parseBody(codeRequest, body);
    await this.addressLimit.spend(request.raw);
    const tenantDomain = await this.names.tenant(request.raw);
    return this.shown(granted(this.audited(await this.recovery.confirmByCode(doorOf(tenantDomain), flowCode, code), tenantDomain)));
  }

  /** Nobody has asked for it, so that the name takes the place of a flow: whoever was not mailed one, or does not exist, has only wrong ones. */
  @Post('forced')
  @HttpCode(200)
  @Operation({
    summary: 'Enter the code that an administrator’s reset has mailed',
    access: 'anyone',
    body: forcedRequest,
    example: { username: 'kim', code: '123456' },
    responses: { 200: { description: 'It is right, once; the reset code sets the password.', body: forcedConfirmed } },
    errors: ['18016', 'UAR-10001', 'RKY-10008', 'RKY-10011', 'RKY-10130'],
  })
  async confirmForced(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof forcedConfirmed>> {
    const { username, code, captcha } = parseBody(forcedRequest, body);
    await this.addressLimit.spend(request.raw);
    const name = await this.names.resolve(request.raw, { username });
    const { tenantDomain } = name;
    refuseUnsolved(await this.captcha.admit(captcha, { tenantDomain, purpose: 'password-recovery' }, this.addresses.of(request.raw)));
    const outcome = await this.recovery.confirmForced(doorOf(tenantDomain), name, code);
    const { flowCode, ...right } = granted(this.audited(outcome, tenantDomain));
    return { flow: flowCode, ...(await this.shown(right)) };
  }

  /** Signs nobody in: whoever has the code alone must not pass for a signed-in person (S31). */
  @Post('reset')
  @HttpCode(200)
  @Operation({
    summary: 'Set a new password after the code',
    description: 'Signs nobody in.',
    access: 'anyone',
    headers: idempotent.headers,
    body: resetRequest,
    example: { flow: 'what asking for the code has given', resetCode: 'what the right code has given', password: 'correct horse battery staple' },
    responses: { 200: { description: 'The password is set, and every session ended.', body: recovered } },
    errors: ['18016', '20035', '22001', 'UAR-10001', 'UAR-10008', 'UAR-10015', 'RKY-10011', 'RKY-10012', ...idempotent.errors],
  })
  async reset(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof recovered>> {
    const { flow: flowCode, resetCode, password } = parseBody(resetRequest, body);
    await this.addressLimit.spend(request.raw);
    const tenantDomain = await this.names.tenant(request.raw);
    return this.idempotency.once(request, reply, async () => {
      const outcome = granted(await this.recovery.reset(doorOf(tenantDomain), resetCode, flowCode, password, { clientAddress: this.addresses.of(request.raw) }));
      if (outcome.kind === 'key-not-live') throw new ApiError('UAR-10001');
      if (outcome.kind === 'password-refused') throw passwordRefused(outcome, { resetCode });
      await this.signIns.forgetGuesses(outcome.user);
      await this.signIns.rememberHere(request.raw, outcome.user);
      return { username: outcome.user.username };
    });
  }

  private audited<Outcome extends Confirmed | FlowRefused>(outcome: Outcome, tenantDomain: string): Outcome {
    this.audit.act({ operation: 'validateKey', tenantDomain, user: outcome.kind === 'confirmed' ? outcome.user : null, outcome: outcome.kind === 'confirmed' ? 'done' : outcome.code });
    return outcome;
  }

  private async shown({ resetCode, user: { username, tenantDomain } }: Confirmed): Promise<z.output<typeof confirmed>> {
    return { resetCode, username, passwordPolicy: await this.passwordPolicyOf(tenantDomain) };
  }
}

function doorOf(tenantDomain: string): FlowDoor {
  return { version: 'my-account', tenantDomain };
}
