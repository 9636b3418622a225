import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails that somebody looks at in the Console for a few minutes: a crash may take them. */
export class CreateMailPreview1765073000000 implements MigrationInterface {
  readonly name = 'CreateMailPreview1765073000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE mail_preview (
        id       uuid PRIMARY KEY,
        user_id  uuid NOT NULL,
        html     text NOT NULL,
        kept_at  timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query('CREATE INDEX mail_preview_of_user ON mail_preview (user_id, kept_at)');
    await runner.query('CREATE INDEX mail_preview_age ON mail_preview (kept_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_preview');
  }
}
