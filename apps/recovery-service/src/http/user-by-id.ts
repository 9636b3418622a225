import type { IncomingMessage } from 'node:http';
import type { UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { z } from 'zod';
import { ApiError } from './error-catalogue.ts';
import type { UserNames } from './user-name.ts';

/** Of a route about one user. */
export const userPath = z.object({ id: z.uuid() });

/** Whom an administrator means by an id. @throws ApiError RKY-10004 for nobody, and for somebody of a tenant that the request does not reach */
export async function userById(users: UserManager, names: UserNames, request: IncomingMessage, path: unknown): Promise<User> {
  const tenantDomain = await names.tenantInPath(request);
  const { data } = userPath.safeParse(path);
  const user = data ? await users.findUserById(data.id) : null;
  if (!user || (tenantDomain !== null && user.tenantDomain !== tenantDomain)) throw new ApiError('RKY-10004', 'There is no such user.');
  return user;
}
