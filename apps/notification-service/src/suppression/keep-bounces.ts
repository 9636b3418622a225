import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is told of mails that came back, and the tokens of reports that can be told once. */
export class KeepBounces1765160000000 implements MigrationInterface {
  readonly name = 'KeepBounces1765160000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bounce (
        event_id     uuid NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
        bounced_at   timestamptz NOT NULL,
        reason       text NOT NULL,
        reported_by  text NOT NULL,
        reported_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (event_id, kind, bounced_at)
      )`);
    await runner.query(`
      CREATE TABLE bounce_token (
        token     bytea PRIMARY KEY,
        report    bytea NOT NULL,
        taken_at  timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['bounce_token', 'bounce']) await runner.query(`DROP TABLE ${table}`);
  }
}
