import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has been solved already: no solution counts twice, on whichever instance. */
export class CreateCaptcha1764213100000 implements MigrationInterface {
  readonly name = 'CreateCaptcha1764213100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE captcha_spent (id text PRIMARY KEY, spent_at timestamptz NOT NULL DEFAULT now())`);
    await runner.query(`CREATE INDEX captcha_spent_at ON captcha_spent (spent_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE captcha_spent`);
  }
}
