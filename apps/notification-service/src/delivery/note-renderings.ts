import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From which template an attempt's mail was made; and attempts that do not count, whose number the next one has again. */
export class NoteRenderings1765048100000 implements MigrationInterface {
  readonly name = 'NoteRenderings1765048100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE attempt ADD COLUMN rendered json`);
    await runner.query(`ALTER TABLE attempt DROP CONSTRAINT attempt_pkey, ADD PRIMARY KEY (event_id, attempt_no, started_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE attempt DROP COLUMN rendered`);
  }
}
