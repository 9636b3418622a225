/** The user stores that exist. WSO2 calls a user store's domain its realm. */
export const realms = ['PRIMARY'] as const;
export type Realm = (typeof realms)[number];

/** How a user is named: unique within tenant and user store. */
export interface UserName {
  readonly tenantDomain: string;
  readonly realm: Realm;
  readonly username: string;
}

export interface User extends UserName {
  readonly id: string;
}

/**
 * The one form in which usernames are compared: NFC, then lower case as Unicode's simple mapping has it. No compatibility folding:
 * `ﬀ` is not `ff`, full-width letters are not ASCII, and since `ı` keeps its own lower case, `mıke` is not `mike` (CVE-2019-19844).
 * @returns null for a name that no user may have: blank at an end, control or invisible characters, lone surrogates
 */
export function canonicalUsername(username: string): string | null {
  if (username === '' || username !== username.trim() || forbidden.test(username)) return null;
  return [...username.normalize('NFC')].map(lowerCase).join('');
}

/** Control, format (zero-width, direction), separator and unassigned characters, and lone surrogates. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Cs}]/u;

/** One character to one: `İ` would become two with toLowerCase, and must not meet `i` followed by a dot. The Kelvin sign must not become `k`. */
function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length && lower.toUpperCase() === character ? lower : character;
}
