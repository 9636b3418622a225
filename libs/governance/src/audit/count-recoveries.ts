import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often somebody asked for a link or a username, by the minute: what an overview of weeks is read from, and not from every record. */
export class CountRecoveries1765120100000 implements MigrationInterface {
  readonly name = 'CountRecoveries1765120100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recoveries_asked (
        tenant_domain  text NOT NULL,
        minute         timestamptz NOT NULL,
        requests       integer NOT NULL,
        PRIMARY KEY (tenant_domain, minute)
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      INSERT INTO recoveries_asked
      SELECT tenant_domain, date_trunc('minute', at), count(*) FROM audit_record WHERE operation IN ('requestRecovery', 'requestUsername') GROUP BY 1, 2`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE recoveries_asked`);
  }
}
