import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePasswordHistory1764100000000 implements MigrationInterface {
  readonly name = 'CreatePasswordHistory1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE password_history (
        user_id        uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        generation     integer NOT NULL,
        password_hash  text NOT NULL,
        PRIMARY KEY (user_id, generation)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE password_history`);
  }
}
