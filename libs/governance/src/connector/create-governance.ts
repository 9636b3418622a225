import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateGovernance1764000150000 implements MigrationInterface {
  readonly name = 'CreateGovernance1764000150000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE governance_setting (
        tenant_domain  text NOT NULL REFERENCES tenant,
        connector      text NOT NULL,
        name           text NOT NULL,
        value          text NOT NULL,
        updated_at     timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_domain, connector, name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE governance_setting`);
  }
}
