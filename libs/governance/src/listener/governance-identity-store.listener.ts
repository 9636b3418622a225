import type { Claims, IdentityDataStore, User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { proceed, type UserOperationListener } from '../chain/user-operation.ts';
import { identityClaimPrefix } from './account-status.ts';

/**
 * `governance_identity_store`: keeps identity claims out of the user store. Takes them out of what is written and puts them into the
 * identity data store; takes them out of what the user store is asked for and puts the stored values back. They go with the user.
 */
export function governanceIdentityStoreListener(database: SqlExecutor, store: IdentityDataStore): UserOperationListener {
  /** Taken out by the pre hook, written by the post hook of the same operation, once the user store has done its part. */
  const takenOut = new WeakMap<object, Claims>();
  const write = async (user: User | null, claims: Claims | undefined) => {
    if (user && claims && Object.keys(claims).length > 0) await store.setClaims(database, user.id, claims);
    return proceed;
  };
  return {
    name: 'governance_identity_store',
    pre: {
      addUser(operation) {
        takenOut.set(operation, pick(operation.claims, isIdentityClaim));
        operation.claims = pick(operation.claims, isOther);
        return proceed;
      },
      setClaims(operation) {
        takenOut.set(operation, pick(operation.claims, isIdentityClaim));
        operation.claims = pick(operation.claims, isOther);
        return proceed;
      },
      getClaims(operation) {
        if (operation.wanted === null) return proceed;
        operation.wanted = operation.wanted.filter(isOther);
        return proceed;
      },
    },
    post: {
      addUser: (operation) => write(operation.user, takenOut.get(operation)),
      setClaims: (operation) => write(operation.user, takenOut.get(operation)),
      async getClaims(operation) {
        const stored = await store.claimsOf(database, operation.user.id);
        const wanted = operation.asked;
        const back = pick(stored, (uri) => isIdentityClaim(uri) && (wanted === null || wanted.includes(uri)) && stored[uri] !== '');
        operation.claims = { ...pick(operation.claims, isOther), ...back };
        return proceed;
      },
      async deleteUser({ user }) {
        await store.remove(database, user.id);
        return proceed;
      },
    },
  };
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
