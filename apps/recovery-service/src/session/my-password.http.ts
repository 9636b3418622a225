import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { actAs, UserManager } from '@rekey/governance';
import { Sessions } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { signInRefused } from '../authentication/sign-in-refused.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { parseBody } from '../http/body.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { passwordRefused } from '../http/password-refused.ts';
import { forPage, takeToken } from '../http/session-cookie.ts';
import { shownPasswordPolicy, type ShownPasswordPolicy } from '../password-policy/shown-password-policy.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { ownAccount } from './signed-in.ts';

const changeRequest = z.strictObject({ oldPassword: z.string().min(1).max(4096), password: z.string().max(4096) });
const beforehand = z.object({ passwordPolicy: shownPasswordPolicy, endsThisSession: z.boolean().meta({ description: 'Whether a change ends the session that asks too: `preserve_logged_in_session` is off.' }) });

/** Another password, for a person who is signed in and knows the present one. */
@Controller('api/rekey/v1/me/password')
export class MyPassword {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject('passwordPolicy') private readonly passwordPolicyOf: (tenantDomain: string) => Promise<ShownPasswordPolicy>,
    @Inject('preservesSession') private readonly preservesSession: () => boolean,
  ) {}

  @Get()
  @Operation({ summary: 'What another password must be like', access: 'session', responses: { 200: { description: 'The policy, and what a change does.', body: beforehand } } })
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.output<typeof beforehand>> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    return { passwordPolicy: await this.passwordPolicyOf(user.tenantDomain), endsThisSession: !this.preservesSession() };
  }

  /** Ends every session, as whoever may have known the old password is out (S32): this one too, unless `preserve_logged_in_session` is on. */
  @Post()
  @HttpCode(204)
  @Operation({ summary: 'Set another password', access: 'session', body: changeRequest, responses: { 204: { description: 'It is set, and every session ended, this one too.' } }, errors: ['20035', '22001', 'RKY-10011', 'RKY-10012'] })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { user, token } = await ownAccount(this.users, this.sessions, request, reply);
    const { oldPassword, password } = parseBody(changeRequest, body);
    await this.addressLimit.spend(request.raw);
    // Proved as at a sign-in, and counted as one: who has found a browser signed in guesses no further than any stranger.
    const proof = await this.signIns.authenticate(request.raw, user, oldPassword);
    if (proof.kind === 'refused') throw forPage(reply, signInRefused(proof));
    actAs(user);
    const keptSession = this.preservesSession() ? token : undefined;
    const outcome = await this.users.updateCredential(user, oldPassword, password, { clientAddress: this.addresses.of(request.raw), keptSession });
    if (outcome.kind === 'refused') throw forPage(reply, outcome.code === '17002' ? new ApiError('17002') : passwordRefused(outcome));
    await this.signIns.forgetGuesses(user);
    if (keptSession === undefined) takeToken(reply);
  }
}
