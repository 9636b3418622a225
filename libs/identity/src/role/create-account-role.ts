import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccountRole1764217200000 implements MigrationInterface {
  readonly name = 'CreateAccountRole1764217200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account_role (
        user_id     uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        role        text NOT NULL CHECK (role IN ('administrator', 'recovery-client')),
        granted_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, role)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE account_role`);
  }
}
