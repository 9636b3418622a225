import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What there is goes: digests without a key, and plain addresses. An address is known again from the next sign-in on. The default is for
 * instances of before, while they are replaced.
 */
export class KeyPseudonyms1764150100000 implements MigrationInterface {
  readonly name = 'KeyPseudonyms1764150100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`TRUNCATE request_count, known_address`);
    await runner.query(`ALTER TABLE known_address ADD COLUMN account text NOT NULL DEFAULT ''`);
    await runner.query(`CREATE INDEX known_address_of_account ON known_address (account)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE known_address DROP COLUMN account`);
    await runner.query(`TRUNCATE request_count, known_address`);
  }
}
