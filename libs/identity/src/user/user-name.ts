import { canonicalText } from './canonical-text.ts';

/** The user stores that exist. WSO2 calls a user store's domain its realm. */
export const realms = ['PRIMARY'] as const;
export type Realm = (typeof realms)[number];

/** How a user is named: unique within tenant and user store. */
export interface UserName {
  readonly tenantDomain: string;
  readonly realm: Realm;
  readonly username: string;
}

/** As the audit has it, and whoever looks up who changed something reads it: `name@tenant-domain`. */
export function qualifiedName({ username, tenantDomain }: Pick<UserName, 'username' | 'tenantDomain'>): string {
  return `${username}@${tenantDomain}`;
}

export interface User extends UserName {
  readonly id: string;
}

/** Far above any real name; also what an index entry of PostgreSQL can hold. */
const maxUsernameLength = 255;

/** @returns null for a name that no user may have: what has no canonical form, or is longer than 255 */
export function canonicalUsername(username: string): string | null {
  return canonicalText(username, maxUsernameLength);
}
