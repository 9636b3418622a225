import { createHash } from 'node:crypto';
import type { Connector, Objection, StoredValues } from './connector.ts';
import { connectors, connectorsIn } from './connectors.ts';
import { explainedSetting, shownConnector, type ExplainedConnector, type ShownConnector } from './connector-views.ts';
import type { ConnectorDefaults } from './property.ts';
import type { Decision, OwnValue, StoredChange, StoredSettings } from './stored-settings.ts';
import { withDependencies } from './switches.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** What is to change in one connector. */
export interface ConnectorChange {
  readonly id: string;
  readonly properties: readonly NamedValue[];
}

export type ChangeOutcome =
  /** Those that were asked for, and those that they brought along. */
  | { readonly kind: 'changed'; readonly names: readonly string[] }
  /** `another-version`: than the one that the change was made for. */
  | { readonly kind: 'unknown-connector' | 'another-version' }
  /** `names`: the properties that it is about. */
  | { readonly kind: 'unknown-property' | 'refused'; readonly message: string; readonly names: readonly string[] };

/** Of a connector, whether it is the one that a change was made for. */
type IsCurrent = (version: string) => boolean;

interface Wanted {
  readonly connector: Connector<unknown>;
  readonly values: StoredValues;
}

/** What administrators see and change of the connectors, per tenant. */
export class GovernanceConnectors {
  /**
   * @param config asked each time: it follows `deployment.toml`
   * @param shipped what a file that says nothing comes to
   */
  constructor(
    private readonly stored: StoredSettings,
    private readonly config: () => ConnectorDefaults,
    private readonly shipped: ConnectorDefaults,
  ) {}

  /** @returns none for an id that no category has */
  async ofCategory(tenantDomain: string, categoryId: string): Promise<readonly ShownConnector[]> {
    return this.shown(tenantDomain, connectorsIn(categoryId));
  }

  /** @returns null for ids that no connector has */
  async read(tenantDomain: string, categoryId: string, id: string): Promise<ShownConnector | null> {
    return (await this.shown(tenantDomain, connectorsIn(categoryId).filter((connector) => connector.id === id)))[0] ?? null;
  }

  /** @returns null for a name that no connector has */
  async readByName(tenantDomain: string, name: string): Promise<ShownConnector | null> {
    return (await this.shown(tenantDomain, connectors.filter((connector) => connector.name === name)))[0] ?? null;
  }

  /** As it is now, for whoever is about to change it. @returns null for a name that no connector has */
  async explain(tenantDomain: string, name: string): Promise<ExplainedConnector | null> {
    const connector = connectors.find((other) => other.name === name);
    return connector ? this.explained(connector, await this.stored.ownOf(tenantDomain)) : null;
  }

  /** All of the changes or none. @param isCurrent asked of each connector, as it is when it is this change's turn */
  async update(tenantDomain: string, categoryId: string, changes: readonly ConnectorChange[], isCurrent: IsCurrent = () => true): Promise<ChangeOutcome> {
    const known = connectorsIn(categoryId);
    const wanted: Wanted[] = [];
    for (const { id, properties } of changes) {
      const connector = known.find((other) => other.id === id);
      if (!connector) return { kind: 'unknown-connector' };
      const misfit = properties.map((property) => misfitOf(connector, property)).find((outcome) => outcome !== null);
      if (misfit) return misfit;
      wanted.push({ connector, values: new Map(properties.map(({ name, value }) => [name, value])) });
    }
    return this.stored.change(tenantDomain, (stored) => (wanted.every(({ connector }) => isCurrent(this.version(connector, stored))) ? this.decided(wanted, stored) : { kind: 'another-version' }));
  }

  /** What `deployment.toml` says counts again. Switches that depend on each other go back together. */
  async revert(tenantDomain: string, categoryId: string, id: string, names: readonly string[], isCurrent: IsCurrent = () => true): Promise<ChangeOutcome> {
    const connector = connectorsIn(categoryId).find((other) => other.id === id);
    if (!connector) return { kind: 'unknown-connector' };
    const unknown = names.find((name) => !connector.properties.some((property) => property.name === name));
    if (unknown !== undefined) return unknownProperty(connector, unknown);
    const groups = connector.switches.map(({ master, ways }) => [master, ...ways]);
    const all = new Set([...names, ...groups.filter((group) => group.some((name) => names.includes(name))).flat()]);
    return this.stored.change(tenantDomain, (stored) => {
      if (!isCurrent(this.version(connector, stored))) return { kind: 'another-version' };
      const objection = connector.objection(new Map([...stored].filter(([name]) => !all.has(name))), this.config());
      const changes = [...all].map((name) => ({ connector: connector.name, name, value: null }));
      return isAbout(all, objection) ? { kind: 'refused', message: objection.message, names: objection.to } : { kind: 'decided', changes };
    });
  }

  private decided(wanted: readonly Wanted[], before: StoredValues): Decision {
    const config = this.config();
    let stored = before;
    const changes = new Map<string, StoredChange>();
    for (const { connector, values } of wanted) {
      const current = connector.texts(stored, config);
      const all = connector.switches.reduce((some, switches) => withDependencies(switches, some, current, config), values);
      stored = new Map([...stored, ...all]);
      for (const [name, value] of all) changes.set(name, { connector: connector.name, name, value });
    }
    const objection = wanted.map(({ connector }) => connector.objection(stored, config)).find((found) => isAbout(changes, found));
    return objection ? { kind: 'refused', message: objection.message, names: objection.to } : { kind: 'decided', changes: [...changes.values()] };
  }

  private explained(connector: Connector<unknown>, own: ReadonlyMap<string, OwnValue>): ExplainedConnector {
    const stored = valuesIn(own);
    const config = this.config();
    const counting = connector.own(stored, config);
    const texts = connector.texts(stored, config);
    const { id, name, friendlyName, category, properties } = connector;
    const settings = properties.map((property) => explainedSetting(property, { value: texts.get(property.name) ?? '', inFile: property.defaultTextOf(config), shipped: property.defaultTextOf(this.shipped), own: counting.has(property.name) ? own.get(property.name) : undefined }));
    return { id, name, friendlyName, category, version: this.version(connector, stored), settings };
  }

  private version(connector: Connector<unknown>, stored: StoredValues): string {
    const config = this.config();
    const counting = [[...connector.texts(stored, config)], [...connector.own(stored, config)]];
    return createHash('sha256').update(JSON.stringify(counting)).digest('base64url').slice(0, 22);
  }

  private async shown(tenantDomain: string, which: readonly Connector<unknown>[]): Promise<readonly ShownConnector[]> {
    const stored = which.length === 0 ? new Map<string, string>() : await this.stored.of(tenantDomain);
    const config = this.config();
    return which.map((connector) => shownConnector(connector, connector.texts(stored, config)));
  }
}

function valuesIn(own: ReadonlyMap<string, OwnValue>): StoredValues {
  return new Map([...own].map(([name, { value }]) => [name, value]));
}

/** What contradicts `deployment.toml` since it was changed, and is left alone by a change, stands in the way of none. */
function isAbout(changed: { has(name: string): boolean }, objection: Objection | null | undefined): objection is Objection {
  return objection?.to.some((name) => changed.has(name)) ?? false;
}

/** @returns why the change cannot be made, whatever else is; null where nothing is against it */
function misfitOf(connector: Connector<unknown>, { name, value }: NamedValue): ChangeOutcome | null {
  const property = connector.properties.find((other) => other.name === name);
  if (!property) return unknownProperty(connector, name);
  return property.parse(value) === undefined ? { kind: 'refused', message: `${name}: expected ${property.expected}, got "${value}"`, names: [name] } : null;
}

function unknownProperty({ properties }: Connector<unknown>, name: string): ChangeOutcome {
  return { kind: 'unknown-property', message: `${name}: expected one of ${properties.map((property) => property.name).join(', ')}`, names: [name] };
}
