import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users are looked for by stands in one column: names and addresses, of which a part may be asked for. */
export class FindByParts1765130100000 implements MigrationInterface {
  readonly name = 'FindByParts1765130100000';

  async up(runner: QueryRunner): Promise<void> {
    const claims = ['displayName', 'givenname', 'lastname', 'emailaddress', 'emails.work', 'emails.home', 'emails.other', 'emailAddresses'];
    const texts = claims.map((name) => `coalesce(lower(claims ->> 'http://wso2.org/claims/${name}'), '')`).join(` || E'\\n' || `);
    await runner.query(`ALTER TABLE user_account ADD COLUMN found_by text NOT NULL GENERATED ALWAYS AS (username_key || E'\\n' || ${texts}) STORED`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_account DROP COLUMN found_by`);
  }
}
