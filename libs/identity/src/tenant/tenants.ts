import type { Database, SqlExecutor } from '@rekey/messaging';

/** An organisation that this deployment serves. */
export interface Tenant {
  readonly id: string;
  readonly domain: string;
  readonly active: boolean;
  readonly createdAt: Date;
}

/** What a tenant's domain is like; the text in small letters. */
export interface DomainCondition {
  readonly operator: 'eq' | 'sw' | 'co' | 'ew';
  readonly text: string;
}

export interface TenantPage {
  readonly tenants: readonly Tenant[];
  /** On all pages. */
  readonly total: number;
}

const rememberedMs = 5_000;
const tenantColumns = `id, domain, active, created_at AS "createdAt"`;
const comparisons: Readonly<Record<DomainCondition['operator'], (text: string) => string>> = {
  eq: (text) => `domain = ${text}`,
  sw: (text) => `starts_with(domain, ${text})`,
  co: (text) => `position(${text} IN domain) > 0`,
  ew: (text) => `right(domain, length(${text})) = ${text}`,
};

/** The organisations that this deployment serves; `carbon.super` is always there. */
export class Tenants {
  private known: { readonly domains: Promise<ReadonlySet<string>>; readonly until: number } | null = null;

  constructor(private readonly database: Database) {}

  /** What another instance changes is seen after five seconds at the latest. */
  async isActive(domain: string): Promise<boolean> {
    if (!this.known || this.known.until < Date.now()) this.known = { domains: this.load(), until: Date.now() + rememberedMs };
    const { known } = this;
    try {
      return (await known.domains).has(domain);
    } catch (error) {
      if (this.known === known) this.known = null;
      throw error;
    }
  }

  /** By domain: those that meet all conditions. */
  async page({ offset, limit, descending, conditions }: { readonly offset: number; readonly limit: number; readonly descending: boolean; readonly conditions: readonly DomainCondition[] }): Promise<TenantPage> {
    const texts = conditions.map(({ text }) => text);
    const those = `FROM tenant WHERE ${['true', ...conditions.map(({ operator }, index) => comparisons[operator](`$${index + 1}::text`))].join(' AND ')}`;
    const part = `OFFSET $${texts.length + 1} LIMIT $${texts.length + 2}`;
    const tenants = await this.database.queryUnprepared<Tenant>(`SELECT ${tenantColumns} ${those} ORDER BY domain ${descending ? 'DESC' : 'ASC'} ${part}`, [...texts, offset, limit]);
    const [counted] = await this.database.queryUnprepared<{ total: number }>(`SELECT count(*)::integer AS total ${those}`, texts);
    return { tenants, total: counted?.total ?? 0 };
  }

  async find(by: 'id' | 'domain', value: string): Promise<Tenant | null> {
    return (await this.database.query<Tenant>(`SELECT ${tenantColumns} FROM tenant WHERE ${by} = $1`, [value]))[0] ?? null;
  }

  /**
   * In the transaction that makes its administrator. Whoever asks for the same domain meanwhile waits for that to end.
   * @param domain one that `judgeNewDomain` lets be had
   * @returns false where the domain is taken
   */
  async add(tx: SqlExecutor, id: string, domain: string): Promise<boolean> {
    return (await tx.query(`INSERT INTO tenant (id, domain) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING RETURNING id`, [id, domain])).length === 1;
  }

  /** Users of a tenant that is not active are as if there were none: nobody finds them, and their sessions and recovery keys open nothing. */
  async setActive(id: string, active: boolean): Promise<void> {
    await this.database.query(`UPDATE tenant SET active = $2 WHERE id = $1`, [id, active]);
    this.forget();
  }

  /** To be called after the commit of what `add` was part of. */
  forget(): void {
    this.known = null;
  }

  private async load(): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ domain: string }>(`SELECT domain FROM tenant WHERE active`);
    return new Set(rows.map((row) => row.domain));
  }
}
