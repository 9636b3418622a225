import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The signed requests that were taken, by id, for as long as each could be repeated. */
export class CreateTakenRequest1765032000000 implements MigrationInterface {
  readonly name = 'CreateTakenRequest1765032000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE taken_request (request_id uuid PRIMARY KEY, lapses_at timestamptz NOT NULL)`);
    await runner.query(`CREATE INDEX taken_request_lapse ON taken_request (lapses_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE taken_request`);
  }
}
