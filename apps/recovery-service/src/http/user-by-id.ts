import type { IncomingMessage } from 'node:http';
import type { UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { z } from 'zod';
import { ApiError } from './error-catalogue.ts';
import type { UserNames } from './user-name.ts';

/** Of a route about one user. */
export const userPath = z.object({ id: z.uuid() });

/** Whom an administrator means by an id. @throws ApiError RKY-10004 for nobody */
export async function userById(users: UserManager, names: UserNames, request: IncomingMessage, path: unknown): Promise<User> {
  const tenantDomain = await names.tenantInPath(request);
  const { data } = userPath.safeParse(path);
  const user = data ? await userWithin(users, tenantDomain, data.id) : null;
  if (!user) throw noSuchUser();
  return user;
}

/**
 * @param tenantDomain the only one that the request reaches; null: it reaches all
 * @param id a UUID
 * @returns null for nobody, and for somebody of another tenant
 */
export async function userWithin(users: UserManager, tenantDomain: string | null, id: string): Promise<User | null> {
  const user = await users.findUserById(id);
  return tenantDomain === null || user?.tenantDomain === tenantDomain ? user : null;
}

export function noSuchUser(): ApiError {
  return new ApiError('RKY-10004', 'There is no such user.');
}
