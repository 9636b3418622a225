import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { UserManager } from '@rekey/governance';
import { roleNames, Roles, Sessions, wso2Claim, type User } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { signInRefused } from '../authentication/sign-in-refused.ts';
import { SignIns } from '../authentication/sign-ins.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { forPage, giveToken, takeToken, tokenOf } from '../http/session-cookie.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { ownAccount } from './signed-in.ts';

const signInRequest = z.strictObject({ username: boundedText(255), password: z.string().min(1).max(4096) });
const profile = z.object({ user: z.object({ username: z.string(), displayName: z.string(), email: z.string().nullable(), tenantDomain: z.string(), roles: z.array(z.enum(roleNames)) }) });
const sessionHours = 8;

/** The sign-in to My Account and to the Console: a server-side session behind a `__Host-` cookie. */
@Controller('api/rekey/v1/session')
export class SessionDoor {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({
    summary: 'Sign in',
    access: 'anyone',
    body: signInRequest,
    example: { username: 'kim', password: 'correct horse battery staple' },
    responses: { 200: { description: 'Signed in; the answer sets the session’s cookie.', body: profile } },
    errors: ['17002', '18016', 'RKY-10008', 'RKY-10011', 'RKY-10012'],
  })
  async signIn(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<z.output<typeof profile>> {
    const { username, password } = parseBody(signInRequest, body);
    await this.addressLimit.spend(request.raw);
    const result = await this.signIns.authenticate(request.raw, await this.names.resolve(request.raw, { username }), password);
    if (result.kind === 'refused') throw forPage(reply, signInRefused(result));
    const token = await this.sessions.open(result, sessionHours, request.headers['user-agent'] ?? null);
    if (token === null) throw forPage(reply, new ApiError('17002'));
    giveToken(reply, token, sessionHours);
    return this.profileOf(result.user);
  }

  @Get()
  @Operation({ summary: 'Who is signed in', access: 'session', responses: { 200: { description: 'The person.', body: profile } } })
  async current(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.output<typeof profile>> {
    const { user } = await ownAccount(this.users, this.sessions, request, reply);
    return this.profileOf(user);
  }

  @Delete()
  @HttpCode(204)
  @Operation({ summary: 'Sign out', access: 'anyone', responses: { 204: { description: 'Nobody is signed in any more.' } } })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = tokenOf(request);
    if (token) await this.sessions.end(token);
    takeToken(reply);
  }

  private async profileOf(user: User): Promise<z.output<typeof profile>> {
    const claims = await this.users.getClaims(user);
    const claim = (name: string) => claims[wso2Claim(name)];
    const displayName = claim('displayName') ?? claim('fullname') ?? ([claim('givenname'), claim('lastname')].filter(Boolean).join(' ') || user.username);
    return { user: { username: user.username, displayName, email: claim('emailaddress') ?? null, tenantDomain: user.tenantDomain, roles: [...(await this.roles.of(user.id))].sort() } };
  }
}
