import type { MigrationInterface, QueryRunner } from 'typeorm';
import { claimKeys } from './claim-keys.ts';
import type { Claims } from './user-store.ts';

const atOnce = 1_000;

/** Makes accounts findable by claims. The keys stand beside the claims, in the same row: one statement writes both. */
export class KeepClaimKeys1764213000000 implements MigrationInterface {
  readonly name = 'KeepClaimKeys1764213000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account ADD COLUMN claim_keys text[] NOT NULL DEFAULT '{}'`);
    let last = '00000000-0000-0000-0000-000000000000';
    for (let more = true; more; ) {
      const rows = (await runner.query(`SELECT id, claims FROM user_account WHERE id > $1 ORDER BY id LIMIT $2`, [last, atOnce])) as { id: string; claims: Claims }[]; // TypeORM says any
      await runner.query(
        `UPDATE user_account AS u SET claim_keys = ARRAY(SELECT jsonb_array_elements_text(k.keys)) FROM jsonb_to_recordset($1::jsonb) AS k (id uuid, keys jsonb) WHERE u.id = k.id`,
        [JSON.stringify(rows.map(({ id, claims }) => ({ id, keys: claimKeys(claims) })))],
      );
      last = rows.at(-1)?.id ?? last;
      more = rows.length === atOnce;
    }
    await runner.query(`CREATE INDEX user_account_claim_keys ON user_account USING gin (claim_keys)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN claim_keys`);
  }
}
