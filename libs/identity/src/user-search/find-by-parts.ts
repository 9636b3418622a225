import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds users by a part of a name or an address, without reading everybody's: what may be looked for stands in one column, and an index of
 * its trigrams finds it. PostgreSQL's own contribution `pg_trgm` is trusted, so that the owner of a database may install it; where somebody
 * who runs the server does not have it, users are found all the same, by reading them.
 */
export class FindByParts1765130100000 implements MigrationInterface {
  readonly name = 'FindByParts1765130100000';

  async up(runner: QueryRunner): Promise<void> {
    const claims = ['displayName', 'givenname', 'lastname', 'emailaddress', 'emails.work', 'emails.home', 'emails.other', 'emailAddresses'];
    const texts = claims.map((name) => `coalesce(lower(claims ->> 'http://wso2.org/claims/${name}'), '')`).join(` || E'\\n' || `);
    await runner.query(`ALTER TABLE user_account ADD COLUMN found_by text NOT NULL GENERATED ALWAYS AS (username_key || E'\\n' || ${texts}) STORED`);
    await runner.query(`
      DO $$
      BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX user_found_by ON user_account USING gin (found_by gin_trgm_ops);
      EXCEPTION WHEN feature_not_supported OR insufficient_privilege OR undefined_file OR undefined_object THEN
        RAISE WARNING 'pg_trgm is not there (%): users are looked for without an index', SQLERRM;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN found_by`);
  }
}
