import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdentity1764000100000 implements MigrationInterface {
  readonly name = 'CreateIdentity1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tenant (domain text PRIMARY KEY, active boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now())`);
    await runner.query(`INSERT INTO tenant (domain) VALUES ('carbon.super')`);
    await runner.query(`
      CREATE TABLE user_account (
        id                     uuid PRIMARY KEY,
        tenant_domain          text NOT NULL REFERENCES tenant,
        realm                  text NOT NULL,
        username               text NOT NULL,
        username_key           text NOT NULL,
        password_hash          text,
        credential_generation  integer NOT NULL DEFAULT 0,
        claims                 jsonb NOT NULL,
        created_at             timestamptz NOT NULL DEFAULT now(),
        updated_at             timestamptz NOT NULL DEFAULT now(),
        UNIQUE (tenant_domain, realm, username_key)
      )`);
    // WSO2's identity data store: the claims that governance keeps out of the user store.
    await runner.query(`CREATE TABLE identity_data (user_id uuid PRIMARY KEY REFERENCES user_account ON DELETE CASCADE, claims jsonb NOT NULL)`);
    await runner.query(`
      CREATE TABLE session (
        id_hash     bytea PRIMARY KEY,
        user_id     uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        created_at  timestamptz NOT NULL DEFAULT now(),
        expires_at  timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX session_of_user ON session (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['session', 'identity_data', 'user_account', 'tenant']) await runner.query(`DROP TABLE ${table}`);
  }
}
