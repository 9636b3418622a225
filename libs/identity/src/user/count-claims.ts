import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells whether claims that were read are still the ones that count. */
export class CountClaims1764150000000 implements MigrationInterface {
  readonly name = 'CountClaims1764150000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account ADD COLUMN claims_generation integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN claims_generation`);
  }
}
