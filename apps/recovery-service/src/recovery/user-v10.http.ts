import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { AuditLog, UserManager } from '@rekey/governance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { BasicAuthentication } from '../http/basic-authentication.ts';
import { boundedText, parseBody, properties, valueOf } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { UserNames, userReference } from '../http/user-name.ts';
import { actOf, keyOrNothing, requestErrors } from './key-or-nothing.ts';
import { PasswordRecovery } from './password-recovery.ts';

const resendRequest = z.strictObject({ user: userReference, properties });
const validateRequest = z.strictObject({
  code: boundedText(1024),
  verifiedChannel: z.strictObject({ type: z.string().max(63), claim: z.string().max(255) }).optional(),
  properties: properties.optional(),
});
const codeOwner = z.object({ username: z.string(), realm: z.string() });
const ownData = z.object({ basic: z.record(z.string(), z.string()).meta({ description: 'By claim URI.' }) });
const passwordScenario = 'NOTIFICATION_BASED_PW_RECOVERY';

/** WSO2's user API v1.0: resend, check a code, and one's own data. */
@Controller('api/identity/user/v1.0')
export class UserV10 {
  constructor(
    @Inject(PasswordRecovery) private readonly recovery: PasswordRecovery,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(BasicAuthentication) private readonly authentication: BasicAuthentication,
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
    summary: 'Send the recovery link again',
    description: `The property \`RecoveryScenario\` is \`${passwordScenario}\`. Known and unknown users get the same answer, whether or not there is anything to send again.`,
    access: 'recovery-client',
    body: resendRequest,
    responses: { 201: { description: 'Accepted; the body is empty, or the key where the tenant does not notify by itself.', body: z.string(), type: 'text/plain' } },
    errors: requestErrors,
  })
  async resendCode(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<string | undefined> {
    await this.authentication.recoveryClient(request.raw);
    const { user, properties: list } = parseBody(resendRequest, body);
    const scenario = valueOf(list, 'RecoveryScenario');
    if (scenario !== passwordScenario) throw new ApiError('RKY-10001', `Malformed request: properties: expected the RecoveryScenario ${passwordScenario}, got ${scenario === undefined ? 'none' : `"${scenario}"`}.`);
    const name = await this.names.resolve(request.raw, user);
    const outcome = (await this.recovery.handsOver(name.tenantDomain)) ? await this.recovery.handOver(name, { mayBeTold: true }) : await this.recovery.resend(name);
    const answer = keyOrNothing(outcome, reply);
    this.audit.act(actOf(outcome, name.tenantDomain));
    return answer;
  }

  @Post('validate-code')
  @HttpCode(202)
  @Operation({ summary: 'Whose code it is', description: 'Does not spend it.', access: 'recovery-client', body: validateRequest, responses: { 202: { description: 'The code is live.', body: codeOwner } }, errors: ['18001'] })
  async validateCode(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof codeOwner>> {
    await this.authentication.recoveryClient(request.raw);
    const { code } = parseBody(validateRequest, body);
    const user = await this.recovery.check(code, await this.names.tenantInPath(request.raw));
    this.audit.act({ operation: 'validateKey', tenantDomain: user?.tenantDomain ?? (await this.names.tenant(request.raw)), user, outcome: user ? 'done' : '18001' });
    if (!user) throw new ApiError('18001');
    return { username: user.username, realm: user.realm };
  }

  /** Everything that is known of the caller, by claim URI. */
  @Get('me')
  @Operation({ summary: 'Everything that is known of the caller', access: 'account', responses: { 200: { description: 'The claims.', body: ownData } } })
  async me(@Req() request: FastifyRequest): Promise<z.output<typeof ownData>> {
    const { user } = await this.authentication.caller(request.raw);
    const claims = await this.users.getClaims(user);
    return { basic: { 'http://wso2.org/claims/userid': user.id, 'http://wso2.org/claims/username': user.username, 'http://wso2.org/claims/tenant': user.tenantDomain, ...claims } };
  }
}
