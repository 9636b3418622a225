import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a session say which password it was opened with. */
export class AddCredentialGeneration1764000300000 implements MigrationInterface {
  readonly name = 'AddCredentialGeneration1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account ADD COLUMN credential_generation integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN credential_generation`);
  }
}
