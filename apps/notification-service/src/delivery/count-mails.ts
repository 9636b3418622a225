import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many mails an address, and a tenant, has had since its present window began. */
export class CountMails1765048000000 implements MigrationInterface {
  readonly name = 'CountMails1765048000000';

  async up(runner: QueryRunner): Promise<void> {
    // "digest" is of the address; empty: all mails of the tenant.
    await runner.query(`
      CREATE TABLE mail_count (
        tenant_domain  text NOT NULL,
        digest         bytea NOT NULL,
        mails          integer NOT NULL,
        ends_at        timestamptz NOT NULL,
        PRIMARY KEY (tenant_domain, digest)
      ) WITH (fillfactor = 70)`);
    await runner.query(`ALTER TABLE inbox ADD COLUMN counted boolean NOT NULL DEFAULT false`);
    await runner.query(`ALTER TABLE inbox DROP CONSTRAINT inbox_state_check`);
    await runner.query(`
      ALTER TABLE inbox ADD CONSTRAINT inbox_state_check CHECK (state IN (
        'PENDING', 'UNCERTAIN', 'SENDING',
        'SENT', 'REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED', 'SUPPRESSED', 'CAPPED'))`);
    // In the order of pages: the first one of a state that many mails have is as quick as that of a rare one.
    await runner.query(`DROP INDEX inbox_ends`);
    await runner.query(`CREATE INDEX inbox_ends ON inbox (tenant_domain, state, received_at, position) WHERE state IN ('REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED', 'SUPPRESSED', 'CAPPED')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE mail_count`);
    await runner.query(`ALTER TABLE inbox DROP COLUMN counted`);
  }
}
