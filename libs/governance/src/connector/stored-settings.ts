import type { Database, SqlExecutor } from '@rekey/messaging';
import { actorName } from '../audit/request-context.ts';
import type { StoredValues } from './connector.ts';

/** What was set in one connector, or taken back. */
export interface StoredChange {
  readonly connector: string;
  readonly name: string;
  /** null: what `deployment.toml` says counts again. */
  readonly value: string | null;
}

export type Decision = { readonly kind: 'decided'; readonly changes: readonly StoredChange[] } | Refused | AnotherVersion;

interface Refused {
  readonly kind: 'refused';
  readonly message: string;
  /** What it is about. */
  readonly names: readonly string[];
}

/** What whoever asked for the change had read is not so any more. */
interface AnotherVersion {
  readonly kind: 'another-version';
}

/** A value that administrators have set. */
export interface OwnValue {
  readonly value: string;
  readonly changedAt: Date;
  /** `name@tenant`; null where no request changed it, or an earlier version of Rekey did. */
  readonly changedBy: string | null;
}

/** Another instance's change is seen after this at the latest. */
const rememberedMs = 2_000;

/** What administrators have set at run time, of all connectors: per tenant in the database, and remembered for a moment. */
export class StoredSettings {
  private readonly remembered = new Map<string, { readonly loaded: Promise<StoredValues>; readonly until: number }>();

  constructor(private readonly database: Pick<Database, 'query' | 'transaction'>) {}

  /** Whoever asks while it is being read gets the same answer; what was asked before an update is not remembered after it. */
  async of(tenantDomain: string): Promise<StoredValues> {
    const known = this.remembered.get(tenantDomain);
    if (known && known.until > Date.now()) return known.loaded;
    const entry = { loaded: storedIn(this.database, tenantDomain), until: Date.now() + rememberedMs };
    this.remembered.set(tenantDomain, entry);
    try {
      return await entry.loaded;
    } catch (error) {
      if (this.remembered.get(tenantDomain) === entry) this.remembered.delete(tenantDomain);
      throw error;
    }
  }

  /** As they are now, whatever is remembered: for whoever is about to change them. */
  async ownOf(tenantDomain: string): Promise<ReadonlyMap<string, OwnValue>> {
    const rows = await this.database.query<OwnValue & { name: string }>(`SELECT name, value, updated_at AS "changedAt", updated_by AS "changedBy" FROM governance_setting WHERE tenant_domain = $1`, [tenantDomain]);
    return new Map(rows.map(({ name, ...own }) => [name, own]));
  }

  /** Changes take turns: each is decided on what the one before it left. */
  async change(tenantDomain: string, decide: (stored: StoredValues) => Decision): Promise<{ readonly kind: 'changed'; readonly names: readonly string[] } | Refused | AnotherVersion> {
    const decision = await this.database.transaction(async (tx) => {
      await tx.query(`SELECT FROM tenant WHERE domain = $1 FOR NO KEY UPDATE`, [tenantDomain]);
      const decided = decide(await storedIn(tx, tenantDomain));
      if (decided.kind === 'decided') await store(tx, tenantDomain, decided.changes);
      return decided;
    });
    this.remembered.delete(tenantDomain);
    return decision.kind === 'decided' ? { kind: 'changed', names: decision.changes.map(({ name }) => name) } : decision;
  }
}

export async function storedIn(database: SqlExecutor, tenantDomain: string): Promise<StoredValues> {
  const rows = await database.query<{ name: string; value: string }>(`SELECT name, value FROM governance_setting WHERE tenant_domain = $1`, [tenantDomain]);
  return new Map(rows.map(({ name, value }) => [name, value]));
}

async function store(tx: SqlExecutor, tenantDomain: string, changes: readonly StoredChange[]): Promise<void> {
  const set = changes.filter(({ value }) => value !== null);
  const taken = changes.filter(({ value }) => value === null);
  if (set.length > 0) {
    await tx.query(
      `INSERT INTO governance_setting (tenant_domain, connector, name, value, updated_by)
       SELECT $1, connector, name, value, $5 FROM unnest($2::text[], $3::text[], $4::text[]) AS change (connector, name, value)
       ON CONFLICT (tenant_domain, connector, name) DO UPDATE SET value = excluded.value, updated_at = now(), updated_by = excluded.updated_by`,
      [tenantDomain, set.map(({ connector }) => connector), set.map(({ name }) => name), set.map(({ value }) => value), actorName()],
    );
  }
  if (taken.length > 0) await tx.query(`DELETE FROM governance_setting WHERE tenant_domain = $1 AND name = ANY($2)`, [tenantDomain, taken.map(({ name }) => name)]);
}
