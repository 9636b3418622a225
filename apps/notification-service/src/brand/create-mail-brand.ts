import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What makes the mails of a tenant its own; a tenant without a row has the deployment's. */
export class CreateMailBrand1765043000000 implements MigrationInterface {
  readonly name = 'CreateMailBrand1765043000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_brand (
        tenant_domain  text PRIMARY KEY,
        brand          jsonb NOT NULL,
        saved_at       timestamptz NOT NULL DEFAULT now(),
        saved_by       text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_brand');
  }
}
