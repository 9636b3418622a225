import type { SqlExecutor } from '@rekey/messaging';
import type { Claims } from './user-store.ts';

/** WSO2's identity data store: identity claims, kept apart from the user store. */
export class IdentityDataStore {
  async claimsOf(database: SqlExecutor, userId: string): Promise<Claims> {
    const rows = await database.query<{ claims: Claims }>(`SELECT claims FROM identity_data WHERE user_id = $1`, [userId]);
    return rows[0]?.claims ?? {};
  }

  async setClaims(database: SqlExecutor, userId: string, claims: Claims): Promise<void> {
    await database.query(`INSERT INTO identity_data AS stored (user_id, claims) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET claims = stored.claims || excluded.claims`, [userId, JSON.stringify(claims)]);
  }

  async remove(database: SqlExecutor, userId: string): Promise<void> {
    await database.query(`DELETE FROM identity_data WHERE user_id = $1`, [userId]);
  }
}
