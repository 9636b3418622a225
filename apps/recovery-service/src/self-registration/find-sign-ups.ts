import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links of registrations that nobody has used are looked through now and then: few among the links of everybody. */
export class FindSignUps1764227000000 implements MigrationInterface {
  readonly name = 'FindSignUps1764227000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX recovery_sign_ups ON recovery (user_id) WHERE purpose = 'sign-up' AND NOT decoy AND used_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX recovery_sign_ups`);
  }
}
