import type { Claims } from '@rekey/identity';

/** Claims that a listener keeps elsewhere than in the user store: it has taken them out of `claims`, or put blanks there. */
export interface ClaimsApart {
  readonly claims: Claims;
  /** Which claims it keeps: listeners behind it do not get at them any more. */
  readonly keeps: (uri: string) => boolean;
}

/** An operation that writes claims: `claims` is what the user store gets. */
export interface ClaimsOperation {
  claims: Claims;
  apart?: ClaimsApart;
}

/** What is written, wherever it is kept, and whoever of the listeners wants it: what rules about claims go by. */
export function claimsChange({ claims, apart }: ClaimsOperation): Claims {
  return { ...claims, ...apart?.claims };
}

/** @param answer of a listener, in the place of the claims that it saw */
export function takeAnswer(operation: ClaimsOperation, answer: Claims): void {
  const { claims, apart } = operation;
  const pick = (from: Claims, isKeptApart: boolean): Claims => Object.fromEntries(Object.entries(from).filter(([uri]) => apart?.keeps(uri) === isKeptApart));
  operation.claims = apart ? { ...pick(claims, true), ...pick(answer, false) } : answer;
}
