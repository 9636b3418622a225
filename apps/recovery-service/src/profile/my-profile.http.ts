import { Body, Controller, Get, Inject, Patch, Req, Res } from '@nestjs/common';
import { actAs, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { nobodySignedIn, ownAccount } from '../session/signed-in.ts';
import { claimsOf, ownProfile, ownProfileOf, profileChange, type OwnProfile } from './own-profile.ts';

/** One's own name and language, for whoever is signed in; the mail address has a door of its own, as it takes more than a session. */
@Controller('api/rekey/v1/me/profile')
export class MyProfile {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
  ) {}

  @Get()
  @Operation({ summary: 'One’s own profile', access: 'session', responses: { 200: { description: 'The profile.', body: ownProfile } } })
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<OwnProfile> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    return ownProfileOf(user, await this.users.getClaims(user));
  }

  @Patch()
  @Operation({ summary: 'Change one’s own profile', access: 'session', body: profileChange, example: { givenName: 'Kim', familyName: 'Okafor', locale: 'de_DE' }, responses: { 200: { description: 'The profile as it is now.', body: ownProfile } }, errors: ['RKY-10011', 'RKY-10012'] })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<OwnProfile> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    const claims = claimsOf(parseBody(profileChange, body));
    await this.addressLimit.spend(request.raw);
    actAs(user);
    const outcome = Object.keys(claims).length === 0 ? null : await this.users.setClaims(user, claims);
    if (outcome?.kind === 'refused') throw operationRefused(outcome);
    if (outcome?.kind === 'no-such-user') throw nobodySignedIn(reply);
    return ownProfileOf(user, await this.users.getClaims(user));
  }
}
