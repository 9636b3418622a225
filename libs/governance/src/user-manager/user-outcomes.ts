import type { Claims, DatedRecord, User } from '@rekey/identity';
import type { PolicyReason, Refusal } from '../chain/user-operation.ts';

export interface Refused {
  readonly kind: 'refused';
  /** From WSO2's list. */
  readonly code: string;
  readonly message: string;
  readonly reasons?: readonly PolicyReason[];
}

export function asRefused(refusal: Refusal): Refused {
  return { ...refusal, kind: 'refused' };
}

/** A password that was right, and which of the user's passwords it was: for `Sessions.open`. */
export interface Authenticated {
  readonly kind: 'authenticated';
  readonly user: User;
  readonly credentialGeneration: number;
}

/** `user`: null for nobody, whose claims are made up, and not to be believed. `claimsGeneration`: as long as it is the user's, so are the claims. */
export interface FoundUser {
  readonly user: User | null;
  readonly claims: Claims;
  readonly claimsGeneration: number;
}

export type AddOutcome = { readonly kind: 'added'; readonly user: User } | { readonly kind: 'exists' } | Refused;
/** `no-such-user`: or its claims are no longer those that the caller has read, where that matters. */
export type SetClaimsOutcome = { readonly kind: 'updated' } | { readonly kind: 'no-such-user' } | Refused;
export type DeleteOutcome = { readonly kind: 'deleted' } | { readonly kind: 'no-such-user' } | Refused;
/** `next` is what the following list begins behind; null where there is nobody else. */
export type ListOutcome = { readonly kind: 'listed'; readonly users: readonly User[]; readonly next: string | null } | Refused;
/** A user as a whole. Its claims are those that the chain lets be read. */
export type UserProfile = Omit<DatedRecord, 'identityData'>;
/** `total`: however many of them were asked for. */
export type SearchOutcome = { readonly kind: 'found'; readonly profiles: readonly UserProfile[]; readonly total: number } | Refused;
