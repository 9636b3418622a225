import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { UserManager } from '@rekey/governance';
import { Sessions, type User } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { boundedText, parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { refuseOtherSites } from '../http/same-site.ts';
import { signInRefused } from '../http/sign-in-refused.ts';
import { UserNames } from '../http/user-name.ts';
import { AddressLimit } from '../rate-limit/address-limit.ts';
import { SignIns } from '../rate-limit/sign-ins.ts';

const signInRequest = z.strictObject({ username: boundedText(255), password: z.string().min(1).max(4096) });
const cookieName = '__Host-rekey-session';
const sessionHours = 8;

/** My Account's sign-in: a server-side session behind a `__Host-` cookie. */
@Controller('api/rekey/v1/session')
export class SessionDoor {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(AddressLimit) private readonly addressLimit: AddressLimit,
    @Inject(SignIns) private readonly signIns: SignIns,
  ) {}

  @Post()
  @HttpCode(200)
  async signIn(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<Record<string, unknown>> {
    refuseOtherSites(request);
    const { username, password } = parseBody(signInRequest, body);
    await this.addressLimit.spend(request.raw);
    const result = await this.signIns.authenticate(request.raw, await this.names.resolve(request.raw, { username }), password);
    if (result.kind === 'refused') throw forPage(reply, signInRefused(result));
    const token = await this.sessions.open(result, sessionHours);
    if (token === null) throw forPage(reply, new ApiError('17002'));
    void reply.setCookie(cookieName, token, { ...cookieAttributes, maxAge: sessionHours * 3600 });
    return this.profileOf(result.user);
  }

  @Get()
  async current(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, unknown>> {
    const token = request.cookies[cookieName];
    const userId = token ? await this.sessions.find(token) : null;
    const user = userId && (await this.users.findUserById(userId));
    if (!user) throw forPage(reply, new ApiError('17002', 'Nobody is signed in.'));
    return this.profileOf(user);
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    refuseOtherSites(request);
    const token = request.cookies[cookieName];
    if (token) await this.sessions.end(token);
    void reply.clearCookie(cookieName, cookieAttributes);
  }

  private async profileOf(user: User): Promise<Record<string, unknown>> {
    const claims = await this.users.getClaims(user);
    const claim = (name: string) => claims[`http://wso2.org/claims/${name}`];
    const displayName = claim('displayName') ?? claim('fullname') ?? ([claim('givenname'), claim('lastname')].filter(Boolean).join(' ') || user.username);
    return { user: { username: user.username, displayName, email: claim('emailaddress') ?? null, tenantDomain: user.tenantDomain } };
  }
}

const cookieAttributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/**
 * A 401 must name a scheme (RFC 9110 section 15.5.2). To `Basic` a browser opens its own sign-in window over My Account's and holds the
 * answer back; a scheme that it does not know leaves the answer to the page.
 */
function forPage(reply: FastifyReply, error: ApiError): ApiError {
  if (error.status === 401) void reply.header('www-authenticate', 'Session realm="Rekey"');
  return error;
}
