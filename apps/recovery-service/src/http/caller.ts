import type { IncomingMessage } from 'node:http';
import { qualifiedName, superTenant, type Role, type User } from '@rekey/identity';

/** Who asks, by credentials or a session of their own. */
export interface Caller {
  readonly user: User;
  readonly roles: ReadonlySet<Role>;
}

/** As the audit has it. */
export function nameOfCaller({ user }: Caller): string {
  return qualifiedName(user);
}

const callers = new WeakMap<IncomingMessage, Caller>();

/** Once authenticated: what a request reaches from then on is what its caller may reach. */
export function bindCaller(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** Who asks, at a route that is not for anyone. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error('a route that is for anyone asked who calls');
  return caller;
}

/** @returns null for strangers */
export function idOfCaller(request: IncomingMessage): string | null {
  return callers.get(request)?.user.id ?? null;
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

/** Of those who may recover for others, one who may do nothing else: what opens an account that has a role is not theirs to hold, or the role were theirs too. */
export function isClientOnly({ roles }: Caller): boolean {
  return !roles.has('administrator');
}

export function administersAll({ user, roles }: Caller): boolean {
  return user.tenantDomain === superTenant && roles.has('administrator');
}
