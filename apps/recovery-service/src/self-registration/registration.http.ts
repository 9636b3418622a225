import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { UserManager, type Refused } from '@rekey/governance';
import { canonicalUsername, type UserName } from '@rekey/identity';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, callbackOf, parseBody, properties, valueOf } from '../http/body.ts';
import { ApiError, errorCatalogue } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { UserNames } from '../http/user-name.ts';
import { claimsOf, registrationRequest } from './registrant.ts';
import { SelfRegistration } from './self-registration.ts';

const registration = z.object({ code: z.string(), message: z.string(), notificationChannel: z.literal('EMAIL').optional() });
/** WSO2's codes for a success. */
const mailed = { code: 'USR-02001', message: 'Successful user self registration. Pending account verification.', notificationChannel: 'EMAIL' } as const;
const open = { code: 'USR-02003', message: 'Successful user self registration. Account verification not required.' } as const;

/** As WSO2 answers here. */
const weakPassword = { code: '20035', status: 400, message: errorCatalogue['20035'].message } as const;

const usernameRequest = z.strictObject({ username: boundedText(255), properties: properties.optional() });
/** WSO2's numbers. */
const availability = { available: 60_000, 'invalid-tenant': 60_001, taken: 60_002, 'not-enabled': 60_003, 'invalid-name': 60_004, 'invalid-user-store': 60_006 } as const;
const usernameStatus = z.object({ statusCode: z.literal(Object.values(availability)).meta({ description: Object.entries(availability).map(([meaning, code]) => `${code} ${meaning}`).join(', ') }) });

/** WSO2's user API v1.0: accounts that people make for themselves, at a portal. */
@Controller('api/identity/user/v1.0')
export class Registration {
  constructor(
    @Inject(SelfRegistration) private readonly selfRegistration: SelfRegistration,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  /** A name that is taken is no secret here: portals ask for that, with credentials, and each answer makes an account or tells of one. */
  @Post('me')
  @HttpCode(201)
  @Operation({
    summary: 'Register a person',
    description: 'Where accounts are locked on creation, a mail asks the person to confirm the address, and nobody signs in until then. The property `callback` is checked against `SelfRegistration.CallbackRegex`, and My Account’s page offers it to whoever has confirmed the address.',
    access: 'recovery-client',
    body: registrationRequest,
    responses: { 201: { description: 'The account was made.', body: registration } },
    errors: ['18003', '20021', '20030', weakPassword, '20044', 'RKY-10012'],
  })
  async register(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof registration>> {
    const asked = parseBody(registrationRequest, body);
    const { password, claims: _, ...reference } = asked.user;
    const name = await this.names.resolve(request.raw, reference);
    const outcome = await this.selfRegistration.register({ name, password, claims: claimsOf(asked), callback: callbackOf(asked.properties ?? []) });
    switch (outcome.kind) {
      case 'registered':
        return outcome.awaitsConfirmation ? mailed : open;
      case 'not-permitted':
        throw new ApiError(outcome.code);
      case 'no-address':
        throw new ApiError('RKY-10001', 'Malformed request: user.claims: expected http://wso2.org/claims/emailaddress: the address is to be confirmed.');
      case 'exists':
        throw new ApiError('20030');
      case 'refused':
        throw registrationRefused(outcome);
    }
  }

  @Post('validate-username')
  @HttpCode(200)
  @Operation({
    summary: 'Whether a person could register under a name',
    description: 'The property `skipSignUpEnableCheck` asks about the name alone.',
    access: 'recovery-client',
    body: usernameRequest,
    responses: { 200: { description: 'What there is to say of the name.', body: usernameStatus } },
  })
  async validateUsername(@Req() request: FastifyRequest, @Body() body: unknown): Promise<z.output<typeof usernameStatus>> {
    const { username, properties: list = [] } = parseBody(usernameRequest, body);
    const tenantDomain = valueOf(list, 'tenantDomain');
    const name = await this.resolved(request, { username, ...(tenantDomain ? { 'tenant-domain': tenantDomain } : {}) });
    const asksNameAlone = valueOf(list, 'skipSignUpEnableCheck')?.toLowerCase() === 'true';
    return { statusCode: availability[typeof name === 'string' ? name : await this.availabilityOf(name, asksNameAlone)] };
  }

  private async availabilityOf(name: UserName, asksNameAlone: boolean): Promise<keyof typeof availability> {
    if (!asksNameAlone && !(await this.selfRegistration.isEnabled(name.tenantDomain))) return 'not-enabled';
    if (canonicalUsername(name.username) === null) return 'invalid-name';
    return (await this.users.findUser(name)) ? 'taken' : 'available';
  }

  /** What elsewhere is an error is an answer here. */
  private async resolved(request: FastifyRequest, reference: Parameters<UserNames['resolve']>[1]): Promise<UserName | 'invalid-tenant' | 'invalid-user-store'> {
    try {
      return await this.names.resolve(request.raw, reference);
    } catch (error) {
      if (error instanceof ApiError && error.code === '18016') return 'invalid-tenant';
      if (error instanceof ApiError && error.code === 'RKY-10008') return 'invalid-user-store';
      throw error;
    }
  }
}

function registrationRefused(outcome: Refused): ApiError {
  if (outcome.code === '18003') return new ApiError('18003');
  const { code, description, extra, status } = passwordRefused(outcome);
  return new ApiError(code, description, extra, code === weakPassword.code ? weakPassword.status : status);
}
