import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `request_count` is unlogged: counting waits for no disk, and what a crash of the database forgets is an hour old at most. `known_address`
 * is not: it keeps people from being shut out. Mails are counted where their statement is anyway, in the row of the recovery.
 */
export class CreateRateLimit1764000250000 implements MigrationInterface {
  readonly name = 'CreateRateLimit1764000250000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE request_count (
        subject  text PRIMARY KEY,
        spent    integer NOT NULL,
        ends_at  timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE known_address (
        subject       text PRIMARY KEY,
        signed_in_at  timestamptz NOT NULL
      )`);
    await runner.query(`ALTER TABLE recovery ADD COLUMN mails integer NOT NULL DEFAULT 0, ADD COLUMN mails_until timestamptz NOT NULL DEFAULT '-infinity'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery DROP COLUMN mails, DROP COLUMN mails_until`);
    await runner.query(`DROP TABLE known_address`);
    await runner.query(`DROP TABLE request_count`);
  }
}
