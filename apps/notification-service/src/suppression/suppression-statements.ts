import type { SuppressedAddress } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { maskedAddress } from '../delivery-log/masked-address.ts';

/** PostgreSQL's `lower`, here and in the claim: the two must agree. */
export const digestOf = (address: string): string => `sha256(convert_to(lower(${address}), 'UTF8'))`;
const columns = `encode(digest, 'hex') AS id, masked AS address, kind, reason, added_by AS "addedBy", added_at AS "addedAt"`;

interface Row extends Omit<SuppressedAddress, 'addedAt'> {
  readonly addedAt: Date;
}

export interface Suppression {
  readonly tenantDomain: string;
  readonly address: string;
  readonly kind: SuppressedAddress['kind'];
  readonly reason: string;
  readonly by: string;
}

/** An address that is suppressed already stays as it was: the first reason is the one to look into. */
export async function suppress(database: SqlExecutor, { tenantDomain, address, kind, reason, by }: Suppression): Promise<SuppressedAddress> {
  const [row] = await database.query<Row>(
    `INSERT INTO suppressed_address AS s (tenant_domain, digest, masked, kind, reason, added_by) VALUES ($1, ${digestOf('$2')}, $3, $4, $5, $6)
     ON CONFLICT (tenant_domain, digest) DO UPDATE SET kind = s.kind RETURNING ${columns}`,
    [tenantDomain, address, maskedAddress(address), kind, reason, by],
  );
  if (!row) throw new Error('an INSERT gave no row');
  return shown(row);
}

/** @param address null: all @param after the id behind which they begin */
export async function suppressedAddresses(database: SqlExecutor, tenantDomain: string, address: string | null, after: string | null, limit: number): Promise<readonly SuppressedAddress[]> {
  const rows = await database.query<Row>(
    `SELECT ${columns} FROM suppressed_address
     WHERE tenant_domain = $1 AND ($2::text IS NULL OR digest = ${digestOf('$2::text')}) AND ($3::text IS NULL OR digest > decode($3, 'hex')) ORDER BY digest LIMIT $4`,
    [tenantDomain, address, after, limit],
  );
  return rows.map(shown);
}

/** @returns whether it was there */
export async function unsuppress(database: SqlExecutor, tenantDomain: string, id: string): Promise<boolean> {
  return (await database.query(`DELETE FROM suppressed_address WHERE tenant_domain = $1 AND digest = decode($2, 'hex') RETURNING digest`, [tenantDomain, id])).length === 1;
}

function shown({ addedAt, ...row }: Row): SuppressedAddress {
  return { ...row, addedAt: addedAt.toISOString() };
}
