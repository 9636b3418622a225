import type { Claims, IdentityDataStore, User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { identityClaimPrefix } from '../account-status.ts';
import type { ClaimsOperation } from '../chain/claims-change.ts';
import { proceed, type UserOperationListener, type UserOperations, type Verdict } from '../chain/user-operation.ts';

export interface GovernanceIdentityStoreParts {
  readonly database: SqlExecutor;
  readonly store: IdentityDataStore;
  /** Identity data that was read together with the user, by the operation that asks for claims. */
  readonly readAhead: WeakMap<UserOperations['getClaims'], Claims>;
  /** `enable_hybrid_data_store` */
  readonly hybrid: boolean;
}

/**
 * `governance_identity_store`: keeps identity claims out of the user store. Takes them out of what is written and puts them into the
 * identity data store, in the same transaction; takes them out of what the user store is asked for and puts the stored values back.
 * They go with the user: the database sees to that. Hybrid: those that still stand in the user store count until they are written again.
 */
export function governanceIdentityStoreListener({ database, store, readAhead, hybrid }: GovernanceIdentityStoreParts): UserOperationListener {
  const takeOut = (operation: ClaimsOperation) => {
    operation.apart = { claims: pick(operation.claims, isIdentityClaim), keeps: isIdentityClaim };
    operation.claims = pick(operation.claims, isOther);
    return proceed;
  };
  /** One that is removed must not be found in the user store afterwards, nor an older value of it. */
  const move = (operation: ClaimsOperation) => {
    const blank = Object.keys(operation.claims).filter(isIdentityClaim).map((uri) => [uri, ''] as const);
    takeOut(operation);
    operation.claims = { ...operation.claims, ...Object.fromEntries(blank) };
    return proceed;
  };
  const write = async ({ user, apart }: ClaimsOperation & { readonly user: User | null }, tx: SqlExecutor) => {
    if (user && apart && Object.keys(apart.claims).length > 0) await store.setClaims(tx, user.id, apart.claims);
  };
  return {
    name: 'governance_identity_store',
    pre: {
      addUser: takeOut,
      setClaims: hybrid ? move : takeOut,
      getClaims(operation) {
        if (operation.wanted !== null && !hybrid) operation.wanted = operation.wanted.filter(isOther);
        return proceed;
      },
    },
    within: { addUser: write, setClaims: write },
    post: {
      getClaims(operation) {
        if (operation.asked !== null && !operation.asked.some(isIdentityClaim)) return proceed;
        const known = readAhead.get(operation);
        return known ? putBack(operation, known, hybrid) : store.claimsOf(database, operation.user.id).then((stored) => putBack(operation, stored, hybrid));
      },
    },
  };
}

function putBack(operation: UserOperations['getClaims'], stored: Claims, hybrid: boolean): Verdict {
  const { asked } = operation;
  const back = pick(stored, (uri) => isIdentityClaim(uri) && (asked === null || asked.includes(uri)) && stored[uri] !== '');
  operation.claims = { ...(hybrid ? operation.claims : pick(operation.claims, isOther)), ...back };
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
