import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each flow has tries of its own, so that the tries of one do not end a code that another has mailed. */
export class CountCodesByFlow1764224000000 implements MigrationInterface {
  readonly name = 'CountCodesByFlow1764224000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery_flow ADD COLUMN has_issued boolean NOT NULL DEFAULT false, ADD COLUMN code_tries integer NOT NULL DEFAULT 0`);
    await runner.query(`ALTER TABLE recovery DROP COLUMN wrong_codes`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery ADD COLUMN wrong_codes integer NOT NULL DEFAULT 0`);
    await runner.query(`ALTER TABLE recovery_flow DROP COLUMN has_issued, DROP COLUMN code_tries`);
  }
}
