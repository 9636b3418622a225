import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that a tenant can be named without its domain, as WSO2's API does. */
export class DescribeTenants1764217100000 implements MigrationInterface {
  readonly name = 'DescribeTenants1764217100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE tenant
        ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
        ADD CONSTRAINT super_tenant_is_active CHECK (active OR domain <> 'carbon.super')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant DROP CONSTRAINT super_tenant_is_active, DROP COLUMN id`);
  }
}
