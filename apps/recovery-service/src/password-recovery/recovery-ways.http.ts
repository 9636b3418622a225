import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ConnectorSettings } from '@rekey/governance';
import { searchableClaims } from '@rekey/identity';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { UserNames } from '../http/user-name.ts';

const ways = z.object({
  password: z.array(z.enum(['link', 'code'])).meta({ description: 'By which a forgotten password is recovered at My Account, the usual one first; none: not at all.' }),
  username: z.array(z.string()).readonly().meta({ description: 'Claims, by URI, that a forgotten username is recovered by: any of them will do; none: not at all.' }),
  forcedCode: z.boolean().meta({ description: 'Whether administrators’ resets may mail a code, to be entered at My Account.' }),
  code: z.object({ length: z.int(), isNumeric: z.boolean() }).meta({ description: 'What a mailed code looks like.' }),
  cooldownSeconds: z.int().meta({ description: 'Asked again sooner, nothing more is mailed.' }),
});

/** What My Account's pages offer to whoever cannot sign in: the tenant's settings, and nothing of anybody. */
@Controller('api/rekey/v1/recovery/ways')
export class RecoveryWays {
  constructor(
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject('cooldownSeconds') private readonly cooldownSeconds: () => number,
  ) {}

  @Get()
  @Operation({ summary: 'How people recover here', access: 'anyone', responses: { 200: { description: 'The ways that the tenant has turned on.', body: ways } }, errors: ['18016'] })
  async show(@Req() request: FastifyRequest): Promise<z.output<typeof ways>> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { manageInternally, linkByEmail, otpByEmail, usernameRecovery, otpLength, otpUppercase, otpLowercase } = await this.settings.accountRecovery(tenantDomain);
    return {
      password: manageInternally ? [...(linkByEmail ? ['link' as const] : []), ...(otpByEmail ? ['code' as const] : [])] : [],
      username: manageInternally && usernameRecovery ? searchableClaims : [],
      forcedCode: (await this.settings.adminForcedPasswordReset(tenantDomain)).byOtp,
      code: { length: otpLength, isNumeric: !otpUppercase && !otpLowercase },
      cooldownSeconds: this.cooldownSeconds(),
    };
  }
}
