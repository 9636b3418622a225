import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds who has a mail address, without reading everybody's claims. */
export class KnowAddresses1764212000000 implements MigrationInterface {
  readonly name = 'KnowAddresses1764212000000';

  async up(runner: QueryRunner): Promise<void> {
    const address = (name: string) => `lower(nullif(claims ->> 'http://wso2.org/claims/${name}', ''))`;
    const single = ['emailaddress', 'emails.work', 'emails.home', 'emails.other'].map(address).join(', ');
    await runner.query(`
      ALTER TABLE user_account ADD COLUMN addresses text[] NOT NULL
      GENERATED ALWAYS AS (array_remove(ARRAY[${single}], NULL) || coalesce(string_to_array(${address('emailAddresses')}, ','), '{}')) STORED`);
    await runner.query(`CREATE INDEX user_of_address ON user_account USING gin (addresses)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN addresses`);
  }
}
