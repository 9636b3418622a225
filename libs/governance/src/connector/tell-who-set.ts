import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed a setting, for those who find it changed. */
export class TellWhoSet1765130000000 implements MigrationInterface {
  readonly name = 'TellWhoSet1765130000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE governance_setting ADD COLUMN updated_by text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE governance_setting DROP COLUMN updated_by`);
  }
}
