import { addressClaim } from '@rekey/governance';
import { searchableClaims, type Claims, type User } from '@rekey/identity';
import type { DecoyIds } from '../recovery/decoy-id.ts';

/** A claim as WSO2's clients name it. */
export interface SoughtClaim {
  readonly uri: string;
  readonly value: string;
}

/** Without order, so that the same question is the same decoy. @returns null where a claim is not one to look for, comes twice, or there is none */
export function soughtClaims(claims: readonly SoughtClaim[]): Claims | null {
  const byUri = new Map(claims.map(({ uri, value }) => [uri, value]));
  if (byUri.size === 0 || byUri.size < claims.length || [...byUri.keys()].some((uri) => !searchableClaims.includes(uri))) return null;
  return Object.fromEntries(searchableClaims.flatMap((uri) => (byUri.has(uri) ? [[uri, byUri.get(uri) ?? '']] : [])));
}

/** Stands for whoever was not found. By the address alone it is whom that means as a name: as with a person whose username is the address, either way leads to one row. */
export function decoyOf(decoyIds: DecoyIds, tenantDomain: string, sought: Claims): User {
  const onlyAddress = Object.keys(sought).length === 1 ? sought[addressClaim] : undefined;
  return { tenantDomain, realm: 'PRIMARY', username: 'nobody', id: decoyIds.idOf({ tenantDomain, realm: 'PRIMARY', username: onlyAddress ?? JSON.stringify(sought) }) };
}

/** What tells most of whoever is looked for. */
export function nameIn(sought: Claims): string {
  return sought[addressClaim] ?? Object.values(sought)[0] ?? '';
}
