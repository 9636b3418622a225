import type { Database, SqlExecutor } from '@rekey/messaging';
import type { User } from '../user/user-name.ts';

/** What an account may do beyond what concerns itself: administer its tenant, or recover for others there and nothing else. */
export const roleNames = ['administrator', 'recovery-client'] as const;
export type Role = (typeof roleNames)[number];

export interface RoleHolder {
  readonly user: User;
  readonly roles: readonly Role[];
}

export type AssignOutcome = { readonly kind: 'assigned' } | { readonly kind: 'last-administrator' } | { readonly kind: 'no-such-user' };

/** Which account has which role. */
export class Roles {
  constructor(private readonly database: Database) {}

  async of(userId: string): Promise<ReadonlySet<Role>> {
    const rows = await this.database.query<{ role: Role }>(`SELECT role FROM account_role WHERE user_id = $1`, [userId]);
    return new Set(rows.map(({ role }) => role));
  }

  /** Everybody of these tenants who has any, by name. */
  async holders(tenantDomains: readonly string[]): Promise<readonly RoleHolder[]> {
    const rows = await this.database.query<User & { roles: readonly Role[] }>(
      `SELECT id, tenant_domain AS "tenantDomain", realm, username, array_agg(role ORDER BY role) AS roles
       FROM user_account JOIN account_role ON user_id = id WHERE tenant_domain = ANY ($1) GROUP BY id ORDER BY username_key`,
      [tenantDomains],
    );
    return rows.map(({ roles, ...user }) => ({ user, roles }));
  }

  /** Adds a role to those that an account has. @param database the transaction that makes the account, where it is new */
  async grant(userId: string, role: Role, database: SqlExecutor = this.database): Promise<void> {
    await database.query(`INSERT INTO account_role (user_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [userId, role]);
  }

  /**
   * Makes these an account's only roles. Whoever does so for the same tenant takes turns: of two administrators who take each other's
   * role at once, one keeps it.
   * @param mayOrphan whether the tenant may be left without an administrator
   */
  async assign(user: User, roles: readonly Role[], mayOrphan: boolean): Promise<AssignOutcome> {
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT FROM tenant WHERE domain = $1 FOR NO KEY UPDATE`, [user.tenantDomain]);
      // Held, so that it is not deleted meanwhile.
      const held = await tx.query(`SELECT id FROM user_account WHERE id = $1 FOR KEY SHARE`, [user.id]);
      if (held.length === 0) return { kind: 'no-such-user' };
      const others = await tx.query(
        `SELECT FROM account_role JOIN user_account ON id = user_id WHERE role = 'administrator' AND tenant_domain = $1 AND user_id <> $2 LIMIT 1`,
        [user.tenantDomain, user.id],
      );
      if (others.length === 0 && !roles.includes('administrator') && !mayOrphan) return { kind: 'last-administrator' };
      await tx.query(`DELETE FROM account_role WHERE user_id = $1 AND role <> ALL ($2::text[])`, [user.id, roles]);
      for (const role of roles) await this.grant(user.id, role, tx);
      return { kind: 'assigned' };
    });
  }
}
