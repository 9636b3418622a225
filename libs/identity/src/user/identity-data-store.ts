import type { SqlExecutor } from '@rekey/messaging';
import type { Claims } from './user-store.ts';

/** WSO2's identity data store: identity claims, kept apart from the user store. */
export class IdentityDataStore {
  async claimsOf(database: SqlExecutor, userId: string): Promise<Claims> {
    const rows = await database.query<{ claims: Claims }>(`SELECT claims FROM identity_data WHERE user_id = $1`, [userId]);
    return rows[0]?.claims ?? {};
  }

  /** Sets the given claims and leaves the others; a blank value removes its claim. Of a user that does not exist, nothing. */
  async setClaims(database: SqlExecutor, userId: string, claims: Claims): Promise<void> {
    await database.query(
      `INSERT INTO identity_data AS stored (user_id, claims)
       SELECT id, (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text($2::jsonb) WHERE value <> '') FROM user_account WHERE id = $1
       ON CONFLICT (user_id) DO UPDATE SET claims = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each_text(stored.claims || $2::jsonb) WHERE value <> '')`,
      [userId, JSON.stringify(claims)],
    );
  }
}
