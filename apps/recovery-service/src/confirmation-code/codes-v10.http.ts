import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { addressClaim, AuditLog, ConnectorSettings, UserManager } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { AddressVerification } from '../address-verification/address-verification.ts';
import { boundedText, parseBody, properties } from '../http/body.ts';
import { callerOf, isClientOnly } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames, userReference } from '../http/user-name.ts';
import { actOf, keyOrNothing, requestErrors } from '../password-recovery/key-or-nothing.ts';
import { PasswordRecovery, type HandedOver, type HandOverOutcome, type RequestOutcome } from '../password-recovery/password-recovery.ts';
import { PasswordReset } from '../password-recovery/password-reset.ts';
import { confirmedOrRefused } from '../recovery/confirmed-or-refused.ts';
import { handsOver } from '../recovery/hands-over.ts';
import { recoveryScenarios } from '../recovery/recovery-statements.ts';
import { SelfRegistration } from '../self-registration/self-registration.ts';
import { introspectKey, recoverySteps, type IntrospectedKey } from './introspected-key.ts';

const scenario = z.enum(recoveryScenarios);
const resendRequest = z.strictObject({ user: userReference, properties: properties.default([]) });
const myResendRequest = z.strictObject({ properties: properties.default([]) });

/** The channel at which the portal has met the person; mail is the only one. */
const verifiedChannel = z.strictObject({ type: z.string().regex(/^email$/i, 'expected EMAIL'), claim: z.literal(addressClaim) });
const codeRequest = z.strictObject({ code: boundedText(1024), verifiedChannel: verifiedChannel.optional(), properties: properties.optional() });
const myCodeRequest = codeRequest.omit({ verifiedChannel: true });
const codeOwner = z.object({ username: z.string(), realm: z.string() });
const codeUse = z.object({
  user: codeOwner.extend({ 'tenant-domain': z.string() }),
  recoveryScenario: scenario,
  recoveryStep: z.enum(recoverySteps),
  isExpired: z.boolean(),
});
const sentAgain = { description: 'Accepted; the body is empty, or the key where the tenant does not notify by itself.', body: z.string(), type: 'text/plain' };

/** WSO2's user API v1.0: codes that are sent again, looked at and redeemed. */
@Controller('api/identity/user/v1.0')
export class CodesV10 {
  constructor(
    @Inject(PasswordRecovery) private readonly recovery: PasswordRecovery,
    @Inject(PasswordReset) private readonly passwordReset: PasswordReset,
    @Inject(SelfRegistration) private readonly selfRegistration: SelfRegistration,
    @Inject(AddressVerification) private readonly addressVerification: AddressVerification,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Database) private readonly database: Database,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /**
   * 201 whether or not there was anything to resend: WSO2's 400 would tell who has asked for a link. A tenant that notifies by itself gets
   * a key to bring to the person: the old one, of which only the hash is kept, cannot be had again.
   */
  @Post('resend-code')
  @HttpCode(201)
  @Operation({
    summary: 'Send the mail with the link again',
    description: `The property \`RecoveryScenario\` is one of \`${recoveryScenarios.join('`, `')}\`; without it the last one is meant. Known and unknown users get the same answer, whether or not there is anything to send again.`,
    access: 'recovery-client',
    body: resendRequest,
    example: { user: { username: 'kim', realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] },
    responses: { 201: sentAgain },
    errors: requestErrors,
  })
  async resendCode(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<string | undefined> {
    const caller = callerOf(request.raw);
    const { user, properties: list } = parseBody(resendRequest, body);
    const name = await this.names.resolve(request.raw, user);
    return this.answered(name, await this.sendAgain(name, scenarioOf(list), (await handsOver(this.settings, name.tenantDomain)) ? { byClient: isClientOnly(caller) } : null), reply);
  }

  @Post('me/resend-code')
  @HttpCode(201)
  @Operation({ summary: 'Send the caller the mail with the link again', description: 'As `resend-code`, for oneself.', access: 'account', body: myResendRequest, responses: { 201: { description: 'Accepted.' } }, errors: ['20017'] })
  async resendMyCode(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { user } = callerOf(request.raw);
    this.answered(user, await this.sendAgain(user, scenarioOf(parseBody(myResendRequest, body).properties), null), reply);
  }

  /** Redeems a code that confirms an account or an address; one that sets a password stays live, for `set-password`. */
  @Post('validate-code')
  @HttpCode(202)
  @Operation({
    summary: 'Confirm an account or an address, or say whose code it is',
    description: 'The code of a registration confirms the account, that of another address the address, and it is spent. Of a recovery it is said whose it is, and it stays live.',
    access: 'recovery-client',
    body: codeRequest,
    responses: { 202: { description: 'The code was live.', body: codeOwner } },
    errors: ['18001', 'RKY-10012'],
  })
  async validateCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof codeOwner>> {
    const { code } = parseBody(codeRequest, body);
    const tenantDomain = await this.names.tenantInPath(request.raw);
    const { username, realm } = await this.redeem(request, code, tenantDomain);
    return { username, realm };
  }

  @Post('me/validate-code')
  @HttpCode(202)
  @Operation({ summary: 'Whether a code is the caller’s', description: 'As `validate-code`, for one’s own codes.', access: 'account', body: myCodeRequest, responses: { 202: { description: 'The code is live, and the caller’s.' } }, errors: ['18001', 'RKY-10012'] })
  async validateMyCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    const { user } = callerOf(request.raw);
    const { code } = parseBody(myCodeRequest, body);
    // Looked at before it is redeemed: somebody else's stays as it is.
    const introspected = await this.introspect(code, user.tenantDomain);
    if (introspected?.user.id !== user.id) throw await this.notLive(request);
    await this.redeem(request, code, user.tenantDomain);
  }

  /** Changes nothing. Portals carry codes from person to person, and ask what to do with one. */
  @Post('introspect-code')
  @HttpCode(200)
  @Operation({ summary: 'What a code is for', description: 'Does not spend it.', access: 'recovery-client', body: codeRequest, responses: { 200: { description: 'It is live, or has expired.', body: codeUse } }, errors: ['18001'] })
  async introspectCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof codeUse>> {
    const { code } = parseBody(codeRequest, body);
    const introspected = await this.introspect(code, await this.names.tenantInPath(request.raw));
    if (!introspected) throw await this.notLive(request);
    this.audited(introspected.user);
    const { user: { username, realm, tenantDomain }, ...use } = introspected;
    return { user: { username, realm, 'tenant-domain': tenantDomain }, ...use };
  }

  /** @param handedOver how, to a caller who brings it to the person; null: mailed */
  private async sendAgain(name: UserName, asked: z.output<typeof scenario>, handedOver: HandedOver | null): Promise<RequestOutcome | HandOverOutcome> {
    switch (asked) {
      case 'NOTIFICATION_BASED_PW_RECOVERY':
        return handedOver ? this.recovery.handOver(name, { mayBeTold: true, ...handedOver }) : this.recovery.resend(name);
      case 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK':
        return handedOver ? this.recovery.handOverForced(name, handedOver) : this.recovery.resendForced(name, asked);
      case 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP':
        return handedOver ? this.recovery.handOverForced(name, handedOver) : this.recovery.resendForced(name, asked);
      case 'ASK_PASSWORD':
        return this.recovery.resendInvitation(name);
      case 'SELF_SIGN_UP':
        await this.selfRegistration.sendAgain(name);
        return { kind: 'accepted', recovery: null };
      case 'EMAIL_VERIFICATION_ON_UPDATE':
        await this.addressVerification.sendAgain(name);
        return { kind: 'accepted', recovery: null };
    }
  }

  private answered({ tenantDomain }: UserName, outcome: RequestOutcome | HandOverOutcome, reply: FastifyReply): string | undefined {
    this.audit.act(actOf(outcome, tenantDomain));
    return keyOrNothing(outcome, reply);
  }

  private async introspect(code: string, tenantDomain: string | null): Promise<IntrospectedKey | null> {
    return introspectKey({ database: this.database, users: this.users }, code, tenantDomain);
  }

  private async redeem(request: FastifyRequest, code: string, tenantDomain: string | null): Promise<User> {
    const ofAccount = await this.selfRegistration.confirm(code, tenantDomain);
    const confirmation = ofAccount.kind === 'key-not-live' ? await this.addressVerification.confirm(code, tenantDomain) : ofAccount;
    const user = confirmation.kind === 'key-not-live' ? await this.passwordReset.check(code, tenantDomain) : confirmedOrRefused(confirmation).user;
    if (!user) throw await this.notLive(request);
    this.audited(user);
    return user;
  }

  private async notLive(request: FastifyRequest): Promise<ApiError> {
    this.audit.act({ operation: 'validateKey', tenantDomain: await this.names.tenant(request.raw), user: null, outcome: '18001' });
    return new ApiError('18001');
  }

  private audited(user: User): void {
    this.audit.act({ operation: 'validateKey', tenantDomain: user.tenantDomain, user });
  }
}

/** @throws ApiError RKY-10001 for one that is not known, and for several */
function scenarioOf(list: z.output<typeof properties>): z.output<typeof scenario> {
  const named = list.filter(({ key }) => key === 'RecoveryScenario').flatMap(({ value }) => value || []);
  // WSO2's, where a request names none.
  const parsed = scenario.safeParse(named.length === 0 ? 'SELF_SIGN_UP' : named.length === 1 ? named[0] : null);
  if (parsed.success) return parsed.data;
  throw new ApiError('RKY-10001', `Malformed request: properties: expected one RecoveryScenario of ${recoveryScenarios.join(', ')}, got ${named.map((value) => `"${value}"`).join(', ')}.`);
}
