import type { Claims, IdentityDataStore, User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { proceed, type UserOperationListener, type UserOperations, type Verdict } from '../chain/user-operation.ts';
import { identityClaimPrefix } from './account-status.ts';

/**
 * `governance_identity_store`: keeps identity claims out of the user store. Takes them out of what is written and puts them into the
 * identity data store, in the same transaction; takes them out of what the user store is asked for and puts the stored values back.
 * They go with the user: the database sees to that.
 * @param readAhead identity data that was read together with the user, by the operation that asks for claims
 */
export function governanceIdentityStoreListener(database: SqlExecutor, store: IdentityDataStore, readAhead: WeakMap<UserOperations['getClaims'], Claims>): UserOperationListener {
  /** Taken out by the pre hook, written within the same operation. */
  const takenOut = new WeakMap<object, Claims>();
  const takeOut = (operation: { claims: Claims }) => {
    takenOut.set(operation, pick(operation.claims, isIdentityClaim));
    operation.claims = pick(operation.claims, isOther);
    return proceed;
  };
  const write = async (operation: { readonly user: User | null }, tx: SqlExecutor) => {
    const claims = takenOut.get(operation);
    if (operation.user && claims && Object.keys(claims).length > 0) await store.setClaims(tx, operation.user.id, claims);
  };
  return {
    name: 'governance_identity_store',
    pre: {
      addUser: takeOut,
      setClaims: takeOut,
      getClaims(operation) {
        if (operation.wanted !== null) operation.wanted = operation.wanted.filter(isOther);
        return proceed;
      },
    },
    within: { addUser: write, setClaims: write },
    post: {
      getClaims(operation) {
        if (operation.asked !== null && !operation.asked.some(isIdentityClaim)) return proceed;
        const known = readAhead.get(operation);
        return known ? putBack(operation, known) : store.claimsOf(database, operation.user.id).then((stored) => putBack(operation, stored));
      },
    },
  };
}

function putBack(operation: UserOperations['getClaims'], stored: Claims): Verdict {
  const { asked } = operation;
  const back = pick(stored, (uri) => isIdentityClaim(uri) && (asked === null || asked.includes(uri)) && stored[uri] !== '');
  operation.claims = { ...pick(operation.claims, isOther), ...back };
  return proceed;
}

function isIdentityClaim(uri: string): boolean {
  return uri.startsWith(identityClaimPrefix);
}

function isOther(uri: string): boolean {
  return !isIdentityClaim(uri);
}

function pick(claims: Claims, keep: (uri: string) => boolean): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([uri]) => keep(uri)));
}
