import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operator looks for mails by, and what is shown of each beyond its row in the inbox. */
export class KeepDeliveryLog1765044000000 implements MigrationInterface {
  readonly name = 'KeepDeliveryLog1765044000000';

  async up(runner: QueryRunner): Promise<void> {
    // "dialogue" is json and not jsonb: it takes whatever a relay said, and nobody looks into it here.
    await runner.query(`ALTER TABLE attempt ADD COLUMN relay text, ADD COLUMN dialogue json`);
    await runner.query(`ALTER TABLE inbox ADD COLUMN cause text`);
    // Written once: a mail's row in the inbox is written anew at each step, and so would be its entry in every index there.
    await runner.query(`
      CREATE TABLE filed_mail (
        tenant_domain  text NOT NULL,
        received_at    timestamptz NOT NULL,
        position       bigint NOT NULL,
        event_id       uuid NOT NULL,
        reference      text NOT NULL,
        recipient      text NOT NULL,
        username       text NOT NULL,
        PRIMARY KEY (tenant_domain, received_at, position)
      )`);
    await runner.query(`
      INSERT INTO filed_mail (tenant_domain, received_at, position, event_id, reference, recipient, username)
      SELECT tenant_domain, received_at, position, event_id, left(symbols, 5) || '-' || right(symbols, 5), coalesce(lower(data->'recipient'->>'address'), ''), coalesce(lower(data->'user'->>'username'), '')
      FROM inbox, LATERAL (
        SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', get_byte(sha256(convert_to(event_id::text, 'UTF8')), n) % 32 + 1, 1), '' ORDER BY n) AS symbols FROM generate_series(0, 9) AS n) AS reference`);
    await runner.query(`CREATE INDEX filed_mail_by_reference ON filed_mail (reference)`);
    await runner.query(`CREATE INDEX filed_mail_by_recipient ON filed_mail (recipient, received_at)`);
    await runner.query(`CREATE INDEX filed_mail_by_username ON filed_mail (username, received_at)`);
    // Few end otherwise than sent.
    await runner.query(`CREATE INDEX inbox_ends ON inbox (tenant_domain, state, received_at) WHERE state IN ('REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED')`);
    await runner.query(`
      CREATE TABLE password_set (
        recovery_id  uuid PRIMARY KEY,
        set_at       timestamptz NOT NULL,
        kept_at      timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX password_set_by_age ON password_set USING brin (kept_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['password_set', 'filed_mail']) await runner.query(`DROP TABLE ${table}`);
    await runner.query(`DROP INDEX inbox_ends`);
    await runner.query(`ALTER TABLE inbox DROP COLUMN cause`);
    await runner.query(`ALTER TABLE attempt DROP COLUMN relay, DROP COLUMN dialogue`);
  }
}
