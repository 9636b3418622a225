import { Body, Controller, Delete, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import { actAs, addressClaim, AuditLog, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { signInRefused } from '../authentication/sign-in-refused.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { mailAddress } from '../http/mail-address.ts';
import { operationRefused } from '../http/refused-by-own-rule.ts';
import { forPage } from '../http/session-cookie.ts';
import { ownProfile, ownProfileOf, type OwnProfile } from '../profile/own-profile.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { nobodySignedIn, ownAccount } from '../session/signed-in.ts';
import { AddressVerification } from './address-verification.ts';

const addressChange = z.strictObject({ email: mailAddress, password: z.string().min(1).max(4096) });

/** Another mail address, for a person who is signed in and knows the password: links for a new one go there once it counts, so that a browser that was left signed in must not be enough. */
@Controller('api/rekey/v1/me/address')
export class OwnAddress {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(AddressVerification) private readonly addressVerification: AddressVerification,
  ) {}

  @Put()
  @Operation({
    summary: 'Have another mail address',
    description: 'Where the tenant has addresses verified, it waits in `pendingEmail` until the link that is mailed there is used; else it counts at once. Links for a new password that were mailed before are dead then.',
    access: 'session',
    body: addressChange,
    example: { email: 'kim@example.com', password: 'correct horse battery staple' },
    responses: { 200: { description: 'The profile as it is now.', body: ownProfile } },
    errors: ['RKY-10011', 'RKY-10012'],
  })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<OwnProfile> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    const { email, password } = parseBody(addressChange, body);
    await this.addressLimit.spend(request.raw);
    // Counted as a sign-in, as where the password is changed.
    const proof = await this.signIns.authenticate(request.raw, user, password);
    if (proof.kind === 'refused') throw forPage(reply, signInRefused(proof));
    actAs(user);
    const outcome = await this.users.setClaims(user, { [addressClaim]: email });
    if (outcome.kind === 'refused') throw operationRefused(outcome);
    if (outcome.kind === 'no-such-user') throw nobodySignedIn(reply);
    const profile = ownProfileOf(user, await this.users.getClaims(user));
    // In force, it is in the record of the operation itself.
    if (profile.pendingEmail !== null) this.audit.act({ operation: 'requestAddress', tenantDomain: user.tenantDomain, user });
    return profile;
  }

  @Post('resend')
  @HttpCode(202)
  @Operation({ summary: 'Mail the link to the address that waits once more', access: 'session', responses: { 202: { description: 'It is on its way.' } }, errors: ['RKY-10011', 'RKY-10140'] })
  async sendAgain(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    await this.addressLimit.spend(request.raw);
    if (!(await this.addressVerification.sendAgain(user))) throw new ApiError('RKY-10140');
  }

  @Delete('pending')
  @HttpCode(204)
  @Operation({ summary: 'Keep the address that one has', access: 'session', responses: { 204: { description: 'No other one waits; the link that was mailed to it is dead.' } }, errors: ['RKY-10011', 'RKY-10012'] })
  async cancel(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    await this.addressLimit.spend(request.raw);
    actAs(user);
    const outcome = await this.addressVerification.cancel(user);
    if (outcome.kind === 'refused') throw operationRefused(outcome);
  }
}
