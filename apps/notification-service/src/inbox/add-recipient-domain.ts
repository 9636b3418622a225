import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the limits per domain, so that a claim need not look into what the mails say. */
export class AddRecipientDomain1765042000000 implements MigrationInterface {
  readonly name = 'AddRecipientDomain1765042000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inbox ADD COLUMN recipient_domain text GENERATED ALWAYS AS (lower(split_part(data->'recipient'->>'address', '@', -1))) STORED`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inbox DROP COLUMN recipient_domain`);
  }
}
