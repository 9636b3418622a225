import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the person goes on afterwards stays with the key: a mail that is sent again leads there too, and no address that a browser shows has to say it. */
export class KeepCallback1765031000000 implements MigrationInterface {
  readonly name = 'KeepCallback1765031000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery ADD COLUMN callback text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE recovery DROP COLUMN callback`);
  }
}
