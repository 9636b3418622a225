import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who saved or removed a template. */
export class AddTemplateAuthors1765043000001 implements MigrationInterface {
  readonly name = 'AddTemplateAuthors1765043000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_template ADD COLUMN saved_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_template DROP COLUMN saved_by');
  }
}
