import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which the trace of a password that is set points to that of the request for its link. */
export class KeepTraceparent1765046000000 implements MigrationInterface {
  readonly name = 'KeepTraceparent1765046000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery ADD COLUMN traceparent text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery DROP COLUMN traceparent`);
  }
}
