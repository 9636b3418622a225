import type { UserManager } from '@rekey/governance';
import type { Sessions, User } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/error-catalogue.ts';
import { forPage, tokenOf } from '../http/session-cookie.ts';
import { tenantOf } from '../http/tenant-path.ts';

export interface SignedIn {
  readonly token: string;
  readonly userId: string;
}

/** Whose browser asks: a session counts under its own tenant's path alone. @throws ApiError 17002 where nobody is signed in there */
export async function signedIn(sessions: Sessions, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
  const token = tokenOf(request);
  const userId = token && (await sessions.find(token, tenantOf(request.raw)));
  if (!token || !userId) throw nobodySignedIn(reply);
  return { token, userId };
}

/** The same with the account itself. @throws ApiError as `signedIn` */
export async function ownAccount(users: UserManager, sessions: Sessions, request: FastifyRequest, reply: FastifyReply): Promise<{ readonly token: string; readonly user: User }> {
  const { token, userId } = await signedIn(sessions, request, reply);
  const user = await users.findUserById(userId);
  if (!user) throw nobodySignedIn(reply);
  return { token, user };
}

export function nobodySignedIn(reply: FastifyReply): ApiError {
  return forPage(reply, new ApiError('17002', 'Nobody is signed in.'));
}
