import type { SqlExecutor } from '@rekey/messaging';
import {
  accountRecoveryProperties,
  accountRecoverySettings,
  withDependencies,
  type AccountRecoveryDefaults,
  type AccountRecoverySettings,
} from './account-recovery.connector.ts';

/** A connector as WSO2's governance API shows it. */
export interface Connector {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly friendlyName: string;
  readonly order: number;
  readonly properties: readonly { readonly name: string; readonly value: string; readonly displayName: string; readonly description: string }[];
}

export type UpdateOutcome = { readonly kind: 'updated'; readonly connector: Connector } | { readonly kind: 'unknown-connector' } | { readonly kind: 'refused'; readonly message: string };

const category = { name: 'Account Management', id: idOf('Account Management') };
const connectorName = 'account-recovery';
const connectorId = idOf(connectorName);

/** Another instance's change is seen after this at the latest. */
const rememberedMs = 2_000;

/** What `deployment.toml` says of recovery. */
interface RecoveryConfig {
  readonly passwordRecovery: Omit<AccountRecoveryDefaults, 'username'>;
  readonly usernameRecovery: AccountRecoveryDefaults['username'];
}

interface Loaded {
  readonly values: ReadonlyMap<string, string>;
  readonly settings: AccountRecoverySettings;
}

/** The settings that administrators change at run time: per tenant in the database, by default from `deployment.toml`. */
export class ConnectorSettings {
  private readonly remembered = new Map<string, { readonly loaded: Promise<Loaded>; readonly until: number }>();

  constructor(
    private readonly database: SqlExecutor,
    private config: RecoveryConfig,
  ) {}

  /** Where nobody has set anything, other defaults count from now on. */
  reconfigure(config: RecoveryConfig): void {
    this.config = config;
    this.remembered.clear();
  }

  async accountRecovery(tenantDomain: string): Promise<AccountRecoverySettings> {
    return (await this.loaded(tenantDomain)).settings;
  }

  /** @returns null for ids that are not the connector's */
  async read(tenantDomain: string, categoryId: string, id: string): Promise<Connector | null> {
    if (categoryId !== category.id || id !== connectorId) return null;
    const { values } = await this.loaded(tenantDomain);
    const properties = accountRecoveryProperties.map(({ name, displayName, description }) => ({ name, displayName, description, value: values.get(name) ?? '' }));
    return { id: connectorId, name: connectorName, category: category.name, friendlyName: 'Account Recovery', order: 1, properties };
  }

  /** All of the changes or none. */
  async update(tenantDomain: string, categoryId: string, id: string, changes: readonly { readonly name: string; readonly value: string }[]): Promise<UpdateOutcome> {
    if (categoryId !== category.id || id !== connectorId) return { kind: 'unknown-connector' };
    for (const { name, value } of changes) {
      const definition = accountRecoveryProperties.find((property) => property.name === name);
      if (!definition) return { kind: 'refused', message: `${name}: expected one of ${accountRecoveryProperties.map((property) => property.name).join(', ')}` };
      const expectation = definition.expectation(value);
      if (expectation !== null) return { kind: 'refused', message: `${name}: expected ${expectation}, got "${value}"` };
    }
    const { values: current } = await this.load(tenantDomain);
    const all = withDependencies(new Map(changes.map(({ name, value }) => [name, value])), current);
    // In one order, so that two updates at once take turns instead of waiting for each other.
    const names = [...all.keys()].sort();
    await this.database.query(
      `INSERT INTO governance_setting (tenant_domain, connector, name, value)
       SELECT $1, $2, name, value FROM unnest($3::text[], $4::text[]) AS change (name, value)
       ON CONFLICT (tenant_domain, connector, name) DO UPDATE SET value = excluded.value, updated_at = now()`,
      [tenantDomain, connectorName, names, names.map((name) => all.get(name))],
    );
    this.remembered.delete(tenantDomain);
    const connector = await this.read(tenantDomain, categoryId, id);
    if (!connector) throw new Error('a connector that was just updated is not there');
    return { kind: 'updated', connector };
  }

  /** Whoever asks while it is being read gets the same answer; what was asked before an update is not remembered after it. */
  private async loaded(tenantDomain: string): Promise<Loaded> {
    const known = this.remembered.get(tenantDomain);
    if (known && known.until > Date.now()) return known.loaded;
    const entry = { loaded: this.load(tenantDomain), until: Date.now() + rememberedMs };
    this.remembered.set(tenantDomain, entry);
    try {
      return await entry.loaded;
    } catch (error) {
      if (this.remembered.get(tenantDomain) === entry) this.remembered.delete(tenantDomain);
      throw error;
    }
  }

  private async load(tenantDomain: string): Promise<Loaded> {
    const rows = await this.database.query<{ name: string; value: string }>(`SELECT name, value FROM governance_setting WHERE tenant_domain = $1 AND connector = $2`, [tenantDomain, connectorName]);
    const { passwordRecovery, usernameRecovery } = this.config;
    const values = new Map(accountRecoveryProperties.map(({ name, defaultValue }) => [name, defaultValue({ ...passwordRecovery, username: usernameRecovery })]));
    for (const { name, value } of rows) values.set(name, value);
    return { values, settings: accountRecoverySettings(values) };
  }
}

/** WSO2's ids: unpadded base64url of the names. */
function idOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}
