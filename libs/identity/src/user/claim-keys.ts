import { canonicalText } from './canonical-text.ts';
import type { Claims } from './user-store.ts';
import { wso2Claim } from './wso2-claim.ts';

/** What people know of themselves, and an account can be found by whose name nobody remembers. Another one needs a migration: `KeepClaimKeys` filled in these. */
export const searchableClaims = ['emailaddress', 'mobile', 'givenname', 'lastname'].map(wso2Claim);

/** Of an address (RFC 5321 section 4.5.3.1), which is the longest; as an entry of a GIN index it has room. */
const maxValueLength = 320;

/** What an account is found by: an entry for each searchable claim. A value without a canonical form has none, so nothing finds it. */
export function claimKeys(claims: Claims): readonly string[] {
  return entriesOf(claims).flatMap(([uri, key]) => (key === null ? [] : [entry(uri, key)]));
}

/** What the keys of whoever is looked for must all be among; a value without a canonical form is among nobody's. */
export function soughtKeys(claims: Claims): readonly string[] {
  return entriesOf(claims).map(([uri, key]) => entry(uri, key ?? ''));
}

function entriesOf(claims: Claims): readonly (readonly [string, string | null])[] {
  return searchableClaims.flatMap((uri) => (claims[uri] === undefined ? [] : [[uri, canonicalText(claims[uri], maxValueLength)] as const]));
}

function entry(uri: string, key: string): string {
  return `${uri} ${key}`;
}
