import type { Claims } from '@rekey/identity';
import type { UserOperations } from '../chain/user-operation.ts';

/** What is being set, wherever the identity store stands in the chain: it takes identity claims out of `claims`, or puts blanks there. */
export function claimsChange({ requested, claims }: UserOperations['setClaims']): Claims {
  return { ...requested, ...Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== '')) };
}
