import { addressClaim, type UserManager } from '@rekey/governance';
import { claimKeys, nobodysRecord, searchableClaims, soughtKeys, type Claims, type User, type UserName } from '@rekey/identity';
import { recoveryClaims, type Account } from './account.ts';
import type { DecoyIds } from './decoy-id.ts';

/** Whom a name or claims mean. */
export type Sought =
  | { readonly kind: 'found'; readonly account: Account }
  /** `decoy` stands for whoever was not found: mailed to like anybody, it costs the same, and nobody gets it. */
  | { readonly kind: 'nobody' | 'several'; readonly decoy: Account };

/** A claim as WSO2's clients name it. */
export interface SoughtClaim {
  readonly uri: string;
  readonly value: string;
}

export interface SeekingParts {
  readonly users: UserManager;
  readonly decoyIds: DecoyIds;
}

/** Changes nothing, and costs the same whether there is one. */
export async function seekByName({ users, decoyIds }: SeekingParts, name: UserName): Promise<Sought> {
  const nobody: User = { id: decoyIds.idOf(name), ...name };
  const { user, claims } = await users.findUserWithClaims(name, nobody, recoveryClaims);
  return user ? { kind: 'found', account: { user, claims } } : { kind: 'nobody', decoy: { user: nobody, claims } };
}

/** The same of whom somebody also says what else is true of them. @returns as `seekByClaims` */
export async function seekByNameAndClaims({ users, decoyIds }: SeekingParts, name: UserName, others: readonly SoughtClaim[]): Promise<Sought | null> {
  const sought = inOneOrder(others);
  if (!sought) return null;
  const nobody: User = { id: decoyIds.idOf(name), ...name };
  const { user, claims } = await users.findUserWithClaims(name, nobody, [...recoveryClaims, ...Object.keys(sought)]);
  const keys = claimKeys(claims);
  const isSuch = soughtKeys(sought).every((key) => keys.includes(key));
  return user && isSuch ? { kind: 'found', account: { user, claims } } : { kind: 'nobody', decoy: { user: nobody, claims: nobodysRecord(nobody).claims } };
}

/**
 * The one account of a tenant that has all of these claims, each compared in its one canonical form (S6). Changes nothing, and costs the
 * same whether there is one. A door for strangers must not tell the outcomes apart.
 * @returns null where a claim is not one to look for, comes twice, or there is none
 */
export async function seekByClaims({ users, decoyIds }: SeekingParts, tenantDomain: string, claims: readonly SoughtClaim[]): Promise<Sought | null> {
  const sought = inOneOrder(claims);
  if (!sought) return null;
  const nobody = decoyOf(decoyIds, tenantDomain, sought);
  const { user, claims: found, several } = await users.findUserByClaims(tenantDomain, sought, nobody, recoveryClaims);
  return user ? { kind: 'found', account: { user, claims: found } } : { kind: several ? 'several' : 'nobody', decoy: { user: nobody, claims: found } };
}

/** So that the same question is the same decoy. */
function inOneOrder(claims: readonly SoughtClaim[]): Claims | null {
  const byUri = new Map(claims.map(({ uri, value }) => [uri, value]));
  if (byUri.size === 0 || byUri.size < claims.length || [...byUri.keys()].some((uri) => !searchableClaims.includes(uri))) return null;
  return Object.fromEntries(searchableClaims.flatMap((uri) => (byUri.has(uri) ? [[uri, byUri.get(uri) ?? '']] : [])));
}

/** By the address alone it is whom that means as a name: as with a person whose username is the address, either way leads to one row. */
function decoyOf(decoyIds: DecoyIds, tenantDomain: string, sought: Claims): User {
  const onlyAddress = Object.keys(sought).length === 1 ? sought[addressClaim] : undefined;
  return { tenantDomain, realm: 'PRIMARY', username: 'nobody', id: decoyIds.idOf({ tenantDomain, realm: 'PRIMARY', username: onlyAddress ?? JSON.stringify(sought) }) };
}
