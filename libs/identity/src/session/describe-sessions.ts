import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that people can tell their sessions apart, and end one without knowing its token. */
export class DescribeSessions1764100100000 implements MigrationInterface {
  readonly name = 'DescribeSessions1764100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE session
        ADD COLUMN id            uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
        ADD COLUMN last_seen_at  timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN user_agent    text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE session DROP COLUMN id, DROP COLUMN last_seen_at, DROP COLUMN user_agent`);
  }
}
