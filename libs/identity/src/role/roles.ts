import type { Database, SqlExecutor } from '@rekey/messaging';
import type { User } from '../user/user-name.ts';

/** What an account may do in its tenant beyond what concerns itself: administer it; recover for others; help people who call; read what administrators read, and change nothing. */
export const roleNames = ['administrator', 'recovery-client', 'helpdesk', 'auditor'] as const;
export type Role = (typeof roleNames)[number];

export interface RoleHolder {
  readonly user: User;
  readonly roles: readonly Role[];
}

export interface RolePage {
  readonly holders: readonly RoleHolder[];
  /** On all pages. */
  readonly total: number;
}

/** `own-role`: nobody gives a role to themselves. `not-permitted`: whoever assigns is no administrator any more. */
export type AssignOutcome = { readonly kind: 'assigned' | 'own-role' | 'not-permitted' | 'last-administrator' | 'no-such-user' };

/** Whoever has one of these on signs in no more until somebody else takes it away, or time does. */
const barringClaims = ['accountDisabled', 'accountLocked'].map((name) => `http://wso2.org/claims/identity/${name}`);

/** Which account has which role. */
export class Roles {
  constructor(private readonly database: Database) {}

  /** @param database the transaction in which it matters */
  async of(userId: string, database: SqlExecutor = this.database): Promise<ReadonlySet<Role>> {
    const rows = await database.query<{ role: Role }>(`SELECT role FROM account_role WHERE user_id = $1`, [userId]);
    return new Set(rows.map(({ role }) => role));
  }

  /** Everybody of these tenants who has any, by name. */
  async holders(tenantDomains: readonly string[]): Promise<readonly RoleHolder[]> {
    return this.holdersIn(tenantDomains, { offset: 0, limit: null });
  }

  /** The same of one tenant, from page to page. */
  async page(tenantDomain: string, part: { readonly offset: number; readonly limit: number }): Promise<RolePage> {
    const holders = await this.holdersIn([tenantDomain], part);
    const [counted] = await this.database.query<{ total: number }>(`SELECT count(DISTINCT id)::integer AS total FROM user_account JOIN account_role ON user_id = id WHERE tenant_domain = $1`, [tenantDomain]);
    return { holders, total: counted?.total ?? 0 };
  }

  /** @param part without a limit: all that follow */
  private async holdersIn(tenantDomains: readonly string[], { offset, limit }: { readonly offset: number; readonly limit: number | null }): Promise<readonly RoleHolder[]> {
    const rows = await this.database.query<User & { roles: readonly Role[] }>(
      `SELECT id, tenant_domain AS "tenantDomain", realm, username, array_agg(role ORDER BY role) AS roles
       FROM user_account JOIN account_role ON user_id = id WHERE tenant_domain = ANY ($1) GROUP BY id ORDER BY username_key, id OFFSET $2 LIMIT $3`,
      [tenantDomains, offset, limit],
    );
    return rows.map(({ roles, ...user }) => ({ user, roles }));
  }

  /** Adds a role to those that an account has. @param database the transaction that makes the account, where it is new */
  async grant(userId: string, role: Role, database: SqlExecutor = this.database): Promise<void> {
    await database.query(`INSERT INTO account_role (user_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [userId, role]);
  }

  /**
   * Makes these an account's only roles. Who may do so is asked in the transaction itself: a role that was taken a moment ago gives nothing back.
   * @param by an administrator, of the same tenant or of the super one: the latter may leave another tenant without any
   * @param granted what happens in the transaction where the account has a role more than before
   */
  async assign(user: User, wanted: readonly Role[], by: User, granted: (tx: SqlExecutor) => Promise<void>): Promise<AssignOutcome> {
    return this.database.transaction(async (tx) => {
      const dispensable = await this.isDispensable(tx, user);
      if (!(await this.of(by.id, tx)).has('administrator')) return { kind: 'not-permitted' };
      const held = await tx.query(`SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE`, [user.id]);
      if (held.length === 0) return { kind: 'no-such-user' };
      const present = await this.of(user.id, tx);
      const isMore = wanted.some((role) => !present.has(role));
      if (isMore && user.id === by.id) return { kind: 'own-role' };
      if (!wanted.includes('administrator') && !dispensable && by.tenantDomain === user.tenantDomain) return { kind: 'last-administrator' };
      await tx.query(`DELETE FROM account_role WHERE user_id = $1 AND role <> ALL ($2::text[])`, [user.id, wanted]);
      for (const role of wanted) await this.grant(user.id, role, tx);
      if (isMore) await this.outgrown(tx, user, granted);
      return { kind: 'assigned' };
    });
  }

  /** Adds a role to those of an account that has been there without it, where it has. @param granted as of `assign` */
  async bestow(user: User, role: Role, granted: (tx: SqlExecutor) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const held = await tx.query(`SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE`, [user.id]);
      if (held.length === 0 || (await this.of(user.id, tx)).has(role)) return;
      await this.grant(user.id, role, tx);
      await this.outgrown(tx, user, granted);
    });
  }

  /** Whatever judged the account by what it was looks again, e.g. before it issues a recovery key. */
  private async outgrown(tx: SqlExecutor, { id }: User, granted: (tx: SqlExecutor) => Promise<void>): Promise<void> {
    await tx.query(`UPDATE user_account SET claims_generation = claims_generation + 1 WHERE id = $1`, [id]);
    await granted(tx);
  }

  /**
   * Whether its tenant keeps an administrator who may sign in, whatever becomes of this account. Whoever asks for the same tenant takes
   * turns, each until the transaction ends: of two administrators who remove each other at once, one stays. To be asked before the account is held.
   */
  async isDispensable(tx: SqlExecutor, { id, tenantDomain }: User): Promise<boolean> {
    await tx.query(`SELECT FROM tenant WHERE domain = $1 FOR NO KEY UPDATE`, [tenantDomain]);
    // A statement of its own: what the first one sees is older than its wait for the lock.
    const indispensable = await tx.query(
      `SELECT FROM account_role WHERE user_id = $1 AND role = 'administrator' AND NOT EXISTS (
         SELECT FROM account_role AS other JOIN user_account ON id = other.user_id LEFT JOIN identity_data ON identity_data.user_id = id
         WHERE other.role = 'administrator' AND tenant_domain = $2 AND id <> $1
           AND NOT EXISTS (SELECT FROM unnest($3::text[]) AS uri WHERE 'true' IN (lower(user_account.claims ->> uri), lower(identity_data.claims ->> uri))))`,
      [id, tenantDomain, barringClaims],
    );
    return indispensable.length === 0;
  }
}
