import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often somebody asked for a link or a username, over time: counted along an index that has nothing else. */
export class FindRecoveries1765120100000 implements MigrationInterface {
  readonly name = 'FindRecoveries1765120100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX audit_record_of_recoveries ON audit_record (tenant_domain, at) WHERE operation IN ('requestRecovery', 'requestUsername')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX audit_record_of_recoveries`);
  }
}
