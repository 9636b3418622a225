import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row per person and purpose: whoever holds a row's newest key may set the password. Rows of strangers' made-up names
 * (`decoy`) make a request for an unknown user cost the same; nobody has their keys.
 */
export class CreateRecovery1764000200000 implements MigrationInterface {
  readonly name = 'CreateRecovery1764000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery (
        user_id        uuid NOT NULL,
        purpose        text NOT NULL,
        recovery_id    uuid NOT NULL,
        generation     integer NOT NULL,
        key_hash       bytea NOT NULL UNIQUE,
        sealed_secret  text NOT NULL,
        issued_at      timestamptz NOT NULL,
        expires_at     timestamptz NOT NULL,
        used_at        timestamptz,
        voided_at      timestamptz,
        resend_count   integer NOT NULL DEFAULT 0,
        mailed         boolean NOT NULL,
        decoy          boolean NOT NULL,
        PRIMARY KEY (user_id, purpose)
      )`);
    await runner.query(`CREATE INDEX recovery_decoys ON recovery (expires_at) WHERE decoy`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE recovery`);
  }
}
