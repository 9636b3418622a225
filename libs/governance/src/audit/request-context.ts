import { AsyncLocalStorage } from 'node:async_hooks';
import { qualifiedName, type User } from '@rekey/identity';

/** In which request operations happen, and who asked for them: known at the door, and of use to nobody but the audit and what tells who changed a setting. */
export interface RequestContext {
  readonly requestId: string;
  readonly actor: User | null;
}

const contexts = new AsyncLocalStorage<{ requestId: string; actor: User | null }>();

/** Whatever `work` leads to happens in this request. */
export function inRequest<Result>(requestId: string, work: () => Result): Result {
  return contexts.run({ requestId, actor: null }, work);
}

/** Who asks in this request has been authenticated. */
export function actAs(user: User): void {
  const context = contexts.getStore();
  if (context) context.actor = user;
}

/** @returns `name@tenant-domain` of who asks in this request; null where nobody does, or that is not known */
export function actorName(): string | null {
  const actor = contexts.getStore()?.actor;
  return actor ? qualifiedName(actor) : null;
}

/** @returns null outside of requests */
export function requestContext(): RequestContext | null {
  return contexts.getStore() ?? null;
}
