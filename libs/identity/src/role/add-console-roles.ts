import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The helpdesk, and auditors. */
export class AddConsoleRoles1765051000000 implements MigrationInterface {
  readonly name = 'AddConsoleRoles1765051000000';

  async up(runner: QueryRunner): Promise<void> {
    await this.allow(runner, ['administrator', 'recovery-client', 'helpdesk', 'auditor']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM account_role WHERE role IN ('helpdesk', 'auditor')`);
    await this.allow(runner, ['administrator', 'recovery-client']);
  }

  private async allow(runner: QueryRunner, roles: readonly string[]): Promise<void> {
    await runner.query(`ALTER TABLE account_role DROP CONSTRAINT account_role_role_check, ADD CONSTRAINT account_role_role_check CHECK (role IN (${roles.map((role) => `'${role}'`).join(', ')}))`);
  }
}
