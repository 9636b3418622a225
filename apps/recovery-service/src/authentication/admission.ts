import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { actAs, type UserManager } from '@rekey/governance';
import { superTenant, type Roles, type Sessions } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ruleOf, type Access } from '../api-docs/accesses.ts';
import { Operation } from '../api-docs/operation.ts';
import { administersAll, bindCaller, type Caller } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { refuseOtherSites } from '../http/same-site.ts';
import { forPage, isFromPage, tokenOf } from '../http/session-cookie.ts';
import { tenantInPath, tenantOf } from '../http/tenant-path.ts';
import type { BasicAuthentication } from './basic-authentication.ts';

export interface AdmissionParts {
  readonly basic: BasicAuthentication;
  readonly sessions: Sessions;
  readonly users: UserManager;
  readonly roles: Roles;
}

const reflector = new Reflector();

/**
 * Lets in whom an operation is for, as its description says, before anything else of the request is looked at. From here on the request
 * reaches its caller's tenant alone. Roles are looked up each time: one that was taken away is gone with the next request.
 */
export class Admission implements CanActivate {
  constructor(private readonly parts: AdmissionParts) {}

  /**
   * @throws ApiError RKY-10009 where a page of another site asks for more than to read; 17002 where nobody has proved who asks; RKY-10005
   * where it is not theirs to ask; and what `BasicAuthentication` throws
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const operation = reflector.get(Operation, context.getHandler());
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // A browser sends along what it remembers, credentials as well as cookies, whichever page makes it ask (S37).
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseOtherSites(request);
    if (ruleOf(operation.access).by.includes('basic')) await this.admit(request, context.switchToHttp().getResponse<FastifyReply>(), operation.access);
    return true;
  }

  private async admit(request: FastifyRequest, reply: FastifyReply, access: Access): Promise<void> {
    const callers = await this.callers(request, reply, access);
    const caller = callers.find((one) => isFor(access, request, one)) ?? callers[0];
    actAs(caller.user);
    if (!isFor(access, request, caller)) throw new ApiError('RKY-10005');
    bindCaller(request.raw, caller);
  }

  private async callers(request: FastifyRequest, reply: FastifyReply, access: Access): Promise<readonly [Caller, ...Caller[]]> {
    const isByPage = ruleOf(access).by.includes('session') && request.headers.authorization === undefined && isFromPage(request);
    if (!isByPage) return [await this.asCaller(await this.parts.basic.userOf(request.raw))];
    const [first, ...others] = await this.signedIn(request);
    if (!first) throw forPage(reply, new ApiError('17002', 'Nobody is signed in.'));
    return [first, ...others];
  }

  /** A browser may be signed in to the path's tenant, and to the super tenant, whose administrators reach every one. */
  private async signedIn(request: FastifyRequest): Promise<readonly Caller[]> {
    const tenants = new Set([tenantOf(request.raw), superTenant]);
    const found = await Promise.all([...tenants].map(async (tenantDomain) => this.signedInTo(tenantDomain, request)));
    return found.filter((caller) => caller !== null);
  }

  private async signedInTo(tenantDomain: string, request: FastifyRequest): Promise<Caller | null> {
    const token = tokenOf(request, tenantDomain);
    const userId = token === null ? null : await this.parts.sessions.find(token, tenantDomain);
    const user = userId === null ? null : await this.parts.users.findUserById(userId);
    return user && this.asCaller(user);
  }

  private async asCaller(user: Caller['user']): Promise<Caller> {
    return { user, roles: await this.parts.roles.of(user.id) };
  }
}

function isFor(access: Access, { raw }: FastifyRequest, caller: Caller): boolean {
  const all = administersAll(caller);
  if (tenantInPath(raw) !== null && tenantOf(raw) !== caller.user.tenantDomain && !all) return false;
  const { roles, onlySuperTenant } = ruleOf(access);
  if (onlySuperTenant && (caller.user.tenantDomain !== superTenant || tenantOf(raw) !== superTenant)) return false;
  return roles === null || roles.some((role) => caller.roles.has(role));
}
