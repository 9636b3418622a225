import type { Claims, User } from '@rekey/identity';
import type { OperationName, UserOperations } from '../chain/user-operation.ts';

/** `id` is null where nobody has the name, or has it yet. */
type UserView = Readonly<Omit<User, 'id'>> & { readonly id: string | null };

/**
 * What code of a third party sees of an operation: a frozen copy with nothing to call. It is put together field by field, so that no
 * password, hash or key gets into it that an operation may come to hold.
 */
export interface OperationView {
  readonly operation: OperationName;
  readonly hook: 'pre' | 'post';
  /** Somebody only asks what would happen: decide, and do nothing. */
  readonly dryRun: boolean;
  /** Whom it is about; null for a list. */
  readonly user: UserView | null;
  /** `authenticate`, post: whether the sign-in is going to succeed. */
  readonly authenticated?: boolean;
  /** `addUser`, `setClaims`: what is written; `getClaims`, post: what is read. */
  readonly claims?: Claims;
  /** `getClaims`: which claims; null for all of them. */
  readonly asked?: readonly string[] | null;
  /** `listUsers`: of whom. */
  readonly list?: { readonly tenantDomain: string; readonly realm: string; readonly after: string | null; readonly limit: number };
  /** `listUsers`, post. */
  readonly users?: readonly UserView[];
}

export function viewOf(name: OperationName, hook: 'pre' | 'post', operation: UserOperations[OperationName]): OperationView {
  const view = { operation: name, hook, dryRun: operation.dryRun === true };
  if ('after' in operation) {
    const { tenantDomain, realm, after, limit, users } = operation;
    const found = hook === 'post' ? { users: Object.freeze(users.map((user) => userView(user, true))) } : {};
    return Object.freeze({ ...view, user: null, list: Object.freeze({ tenantDomain, realm, after, limit }), ...found });
  }
  const user = 'name' in operation ? userView(operation.user ?? { ...operation.name, id: '' }, operation.user !== null) : userView(operation.user, !('exists' in operation) || operation.exists);
  return Object.freeze({
    ...view,
    user,
    ...('authenticated' in operation && hook === 'post' ? { authenticated: operation.authenticated } : {}),
    ...('asked' in operation ? { asked: operation.asked && Object.freeze([...operation.asked]) } : {}),
    ...('claims' in operation && !('asked' in operation && hook === 'pre') ? { claims: Object.freeze({ ...operation.claims }) } : {}),
  });
}

function userView({ id, username, realm, tenantDomain }: User, exists: boolean): UserView {
  return Object.freeze({ id: exists ? id : null, username, realm, tenantDomain });
}
