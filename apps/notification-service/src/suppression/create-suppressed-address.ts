import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses that are not mailed to: by a digest, as they are kept for longer than what was mailed to them. */
export class CreateSuppressedAddress1765044200000 implements MigrationInterface {
  readonly name = 'CreateSuppressedAddress1765044200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE suppressed_address (
        tenant_domain  text NOT NULL,
        digest         bytea NOT NULL,
        masked         text NOT NULL,
        kind           text NOT NULL CHECK (kind IN ('hard', 'complaint', 'administrator')),
        reason         text NOT NULL,
        added_by       text NOT NULL,
        added_at       timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_domain, digest)
      )`);
    await runner.query(`ALTER TABLE inbox DROP CONSTRAINT inbox_state_check`);
    await runner.query(`
      ALTER TABLE inbox ADD CONSTRAINT inbox_state_check CHECK (state IN (
        'PENDING', 'UNCERTAIN', 'SENDING',
        'SENT', 'REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED', 'SUPPRESSED'))`);
    await runner.query(`DROP INDEX inbox_ends`);
    await runner.query(`CREATE INDEX inbox_ends ON inbox (tenant_domain, state, received_at) WHERE state IN ('REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED', 'SUPPRESSED')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE suppressed_address`);
  }
}
