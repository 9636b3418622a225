import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row per recovery by WSO2's steps (`/api/users/v1`, `v2`): whom it is for, and the hash of each code that leads from one step to the
 * next. The key itself, or the code in its place, stands in `recovery`, one per person, whichever way it was asked for.
 */
export class CreateRecoveryFlow1764214000000 implements MigrationInterface {
  readonly name = 'CreateRecoveryFlow1764214000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery_flow (
        flow_id                   uuid PRIMARY KEY,
        tenant_domain             text NOT NULL REFERENCES tenant,
        user_id                   uuid NOT NULL,
        channel                   text NOT NULL,
        started_at                timestamptz NOT NULL DEFAULT now(),
        recovery_code_hash        bytea NOT NULL UNIQUE,
        recovery_code_expires_at  timestamptz NOT NULL,
        recovery_code_used_at     timestamptz,
        resend_code_hash          bytea UNIQUE,
        resend_code_expires_at    timestamptz,
        flow_code_hash            bytea NOT NULL UNIQUE,
        recovery_user_id          uuid,
        recovery_id               uuid
      )`);
    await runner.query(`CREATE INDEX recovery_flow_started ON recovery_flow (started_at)`);
    await runner.query(`
      ALTER TABLE recovery
        ADD COLUMN secret_kind text NOT NULL DEFAULT 'key',
        ADD COLUMN reset_code_hash bytea UNIQUE,
        ADD COLUMN wrong_codes integer NOT NULL DEFAULT 0,
        ADD COLUMN hourly_wrong_codes integer NOT NULL DEFAULT 0,
        ADD COLUMN hourly_wrong_codes_until timestamptz NOT NULL DEFAULT '-infinity'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE recovery DROP COLUMN secret_kind, DROP COLUMN reset_code_hash, DROP COLUMN wrong_codes, DROP COLUMN hourly_wrong_codes, DROP COLUMN hourly_wrong_codes_until`);
    await runner.query(`DROP TABLE recovery_flow`);
  }
}
