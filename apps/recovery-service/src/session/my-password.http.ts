import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
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
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { nobodySignedIn, signedIn } from './signed-in.ts';

const changeRequest = z.strictObject({ oldPassword: z.string().min(1).max(4096), password: z.string().max(4096) });

/** Another password, for a person who is signed in and knows the present one. */
@Controller('api/rekey/v1/me/password')
export class MyPassword {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(ClientAddresses) private readonly addresses: ClientAddresses,
    @Inject('preservesSession') private readonly preservesSession: () => boolean,
  ) {}

  /** Ends every session, as whoever may have known the old password is out (S32): this one too, unless `preserve_logged_in_session` is on. */
  @Post()
  @HttpCode(204)
  @Operation({ summary: 'Set another password', access: 'session', body: changeRequest, responses: { 204: { description: 'It is set, and every session ended, this one too.' } }, errors: ['20035', '22001', 'RKY-10011', 'RKY-10012'] })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<void> {
    const { userId, token } = await signedIn(this.sessions, request, reply);
    const { oldPassword, password } = parseBody(changeRequest, body);
    await this.addressLimit.spend(request.raw);
    const user = await this.users.findUserById(userId);
    if (!user) throw nobodySignedIn(reply);
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
