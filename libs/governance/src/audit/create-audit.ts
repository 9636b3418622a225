import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAudit1764100200000 implements MigrationInterface {
  readonly name = 'CreateAudit1764100200000';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: what was done to a user is known after the user is gone.
    await runner.query(`
      CREATE TABLE audit_record (
        id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at             timestamptz NOT NULL,
        tenant_domain  text NOT NULL,
        operation      text NOT NULL,
        user_id        uuid,
        username       text,
        actor          text,
        outcome        text NOT NULL,
        claims         jsonb NOT NULL,
        trace          jsonb NOT NULL,
        request_id     text
      )`);
    await runner.query(`CREATE INDEX audit_record_at ON audit_record (at)`);
    await runner.query(`CREATE INDEX audit_record_of_user ON audit_record (user_id, at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_record`);
  }
}
