import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row per reset that an administrator forces upon many. Its cursor is how far it has come in the order of its users: it moves in the
 * transaction that resets a user, and so whoever is behind it has been reset once.
 */
export class CreateForcedReset1764220000000 implements MigrationInterface {
  readonly name = 'CreateForcedReset1764220000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE forced_reset (
        forced_reset_id  uuid PRIMARY KEY DEFAULT uuidv7(),
        tenant_domain    text NOT NULL REFERENCES tenant,
        filter           text,
        way              text,
        state            text NOT NULL DEFAULT 'queued',
        started_by       jsonb NOT NULL,
        total            integer NOT NULL,
        done             integer NOT NULL DEFAULT 0,
        failed           jsonb NOT NULL DEFAULT '{}',
        skipped          jsonb NOT NULL DEFAULT '{}',
        cursor           text,
        created_at       timestamptz NOT NULL DEFAULT now(),
        started_at       timestamptz,
        finished_at      timestamptz,
        claimed_at       timestamptz,
        claimed_until    timestamptz
      )`);
    await runner.query(`CREATE INDEX forced_reset_of_tenant ON forced_reset (tenant_domain, forced_reset_id)`);
    await runner.query(`CREATE INDEX forced_reset_unfinished ON forced_reset (claimed_at NULLS FIRST) WHERE state IN ('queued', 'running')`);
    // Those of a list; without a foreign key: who is gone by the time is counted.
    await runner.query(`
      CREATE TABLE forced_reset_user (
        forced_reset_id  uuid NOT NULL REFERENCES forced_reset ON DELETE CASCADE,
        user_id          uuid NOT NULL,
        PRIMARY KEY (forced_reset_id, user_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['forced_reset_user', 'forced_reset']) await runner.query(`DROP TABLE ${table}`);
  }
}
