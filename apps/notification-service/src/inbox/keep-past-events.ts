import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of which no more is kept, while they may still come again. */
export class KeepPastEvents1765048200000 implements MigrationInterface {
  readonly name = 'KeepPastEvents1765048200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE past_event (event_id uuid PRIMARY KEY, received_at timestamptz NOT NULL)`);
    await runner.query(`CREATE INDEX past_event_by_age ON past_event USING brin (received_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE past_event`);
  }
}
