import type { IncomingMessage } from 'node:http';
import { superTenant, type Role, type User } from '@rekey/identity';

/** Who asks, by credentials of their own. */
export interface Caller {
  readonly user: User;
  readonly roles: ReadonlySet<Role>;
}

const callers = new WeakMap<IncomingMessage, Caller>();

/** Once authenticated: what a request reaches from then on is what its caller may reach. */
export function bindCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** @returns the only tenant that an authenticated caller reaches; null for the super tenant's administrators, who reach every one, and for strangers */
export function homeOfCaller(request: IncomingMessage): string | null {
  const caller = callers.get(request);
  return !caller || administersAll(caller) ? null : caller.user.tenantDomain;
}

export function reachesEveryTenant(request: IncomingMessage): boolean {
  const caller = callers.get(request);
  return caller !== undefined && administersAll(caller);
}

export function administersAll({ user, roles }: Caller): boolean {
  return user.tenantDomain === superTenant && roles.has('administrator');
}
