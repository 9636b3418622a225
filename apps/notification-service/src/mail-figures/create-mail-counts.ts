import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many mails came in and ended in each minute and hour that is over: what an overview of weeks is read from, and not from every mail. */
export class CreateMailCounts1765120000000 implements MigrationInterface {
  readonly name = 'CreateMailCounts1765120000000';

  async up(runner: QueryRunner): Promise<void> {
    // "took" is the class of the time from the request to the relay's 250; 0 where there was none.
    for (const table of ['mail_minute', 'mail_hour']) {
      await runner.query(`
        CREATE TABLE ${table} (
          tenant_domain  text NOT NULL,
          begins_at      timestamptz NOT NULL,
          happening      text NOT NULL,
          took           smallint NOT NULL,
          mails          integer NOT NULL,
          PRIMARY KEY (tenant_domain, begins_at, happening, took)
        )`);
    }
    await runner.query(`
      CREATE TABLE waiting_minute (
        tenant_domain   text NOT NULL,
        begins_at       timestamptz NOT NULL,
        oldest_seconds  integer NOT NULL,
        PRIMARY KEY (tenant_domain, begins_at)
      )`);
    // One row: what was before it is counted, and changes no more.
    await runner.query(`CREATE TABLE counted_until (until timestamptz NOT NULL)`);
    await runner.query(`INSERT INTO counted_until SELECT date_trunc('minute', coalesce(min(received_at), now())) FROM filed_mail`);
    // Mails end in about the order in which they came in, and a BRIN index costs the updates that end them next to nothing.
    await runner.query(`CREATE INDEX inbox_by_end ON inbox USING brin (finished_at) WITH (autosummarize = on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX inbox_by_end`);
    for (const table of ['counted_until', 'waiting_minute', 'mail_hour', 'mail_minute']) await runner.query(`DROP TABLE ${table}`);
  }
}
