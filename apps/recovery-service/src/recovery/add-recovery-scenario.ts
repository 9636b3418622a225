import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a key was issued stays with it: the account's claims may say another thing by the time that it is used. */
export class AddRecoveryScenario1764224100000 implements MigrationInterface {
  readonly name = 'AddRecoveryScenario1764224100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery ADD COLUMN scenario text NOT NULL DEFAULT 'NOTIFICATION_BASED_PW_RECOVERY'`);
    await runner.query(`UPDATE recovery SET scenario = 'SELF_SIGN_UP' WHERE purpose = 'sign-up'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery DROP COLUMN scenario`);
  }
}
