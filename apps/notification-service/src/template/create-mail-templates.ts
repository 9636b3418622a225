import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mail templates that tenants made of their own, every version of them. The shipped ones are files. */
export class CreateMailTemplates1764216000000 implements MigrationInterface {
  readonly name = 'CreateMailTemplates1764216000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_template_type (
        tenant_domain  text NOT NULL,
        type           text NOT NULL,
        display_name   text NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_domain, type)
      )`);
    // The newest version counts; one without a source says that the tenant has none of its own any more.
    await runner.query(`
      CREATE TABLE mail_template (
        tenant_domain  text NOT NULL,
        type           text NOT NULL,
        locale         text NOT NULL,
        version        integer NOT NULL,
        source         jsonb,
        compiled       jsonb,
        saved_at       timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_domain, type, locale, version),
        CHECK ((source IS NULL) = (compiled IS NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mail_template', 'mail_template_type']) await runner.query(`DROP TABLE ${table}`);
  }
}
