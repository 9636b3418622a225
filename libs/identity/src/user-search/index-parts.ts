import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds users by a part of a name or an address through an index of trigrams, without reading everybody's. PostgreSQL's own contribution
 * `pg_trgm` is trusted, so that the owner of a database may install it; where somebody who runs the server does not have it, users are found
 * all the same, by reading them. In a transaction of its own: while the index is built users sign in, and only changes of theirs wait.
 */
export class IndexParts1765130200000 implements MigrationInterface {
  readonly name = 'IndexParts1765130200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX IF NOT EXISTS user_found_by ON user_account USING gin (found_by gin_trgm_ops);
      EXCEPTION WHEN feature_not_supported OR insufficient_privilege OR undefined_file OR undefined_object THEN
        RAISE WARNING 'pg_trgm is not there (%): users are looked for without an index', SQLERRM;
      END $$`);
    // Nothing is known of a new column until somebody looks: searches for what very many have would be planned as if few had it.
    await runner.query(`ANALYZE user_account (found_by)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS user_found_by`);
  }
}
