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

/** Far above any real name; also what an index entry of PostgreSQL can hold. */
const maxUsernameLength = 255;

/**
 * The one form in which usernames are compared: NFC, then lower case as Unicode's simple mapping has it. No compatibility folding:
 * `ﬀ` is not `ff`, full-width letters are not ASCII, and since `ı` keeps its own lower case, `mıke` is not `mike` (CVE-2019-19844).
 * @returns null for a name that no user may have: blank at an end, invisible or unassigned characters, longer than 255
 */
export function canonicalUsername(username: string): string | null {
  if (username.length > maxUsernameLength || username === '' || username !== username.trim() || forbidden.test(username)) return null;
  // Composed once more: `J` with a caron is two characters, but its lower case has one of its own.
  return [...username.normalize('NFC')].map(lowerCase).join('').normalize('NFC');
}

/** Control, format (zero-width, direction), separator and unassigned characters, lone surrogates, and what else is drawn as nothing: fillers, variation selectors, the blank Braille pattern. */
const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** One character to one, and only where the way back leads here: `İ` would become two, `ẞ` would meet `ß`, which has no capital in the simple mapping. */
function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length && lower.toUpperCase() === character ? lower : character;
}
