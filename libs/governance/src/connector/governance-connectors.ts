import { accountDisable } from './account-disable.connector.ts';
import { accountLock } from './account-lock.connector.ts';
import { accountRecovery } from './account-recovery.connector.ts';
import { adminForcedPasswordReset } from './admin-forced-password-reset.connector.ts';
import type { Category, Connector, Objection, StoredValues } from './connector.ts';
import { passwordHistory } from './password-history.connector.ts';
import { passwordPolicy } from './password-policy.connector.ts';
import type { ConnectorDefaults, Property } from './property.ts';
import { selfSignUp } from './self-sign-up.connector.ts';
import type { Decision, StoredChange, StoredSettings } from './stored-settings.ts';
import { withDependencies } from './switches.ts';
import { userClaimUpdate } from './user-claim-update.connector.ts';
import { userEmailVerification } from './user-email-verification.connector.ts';

/** A connector as WSO2's governance API shows it. */
export interface ShownConnector extends Pick<Connector<unknown>, 'id' | 'name' | 'friendlyName'> {
  readonly category: string;
  readonly subCategory: 'DEFAULT';
  readonly order: 0;
  readonly properties: readonly ShownProperty[];
}

interface ShownProperty extends Pick<Property<unknown>, 'name' | 'displayName' | 'description'> {
  readonly value: string;
  readonly meta: { readonly type: Property<unknown>['type']; readonly groupID: 0 };
}

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
  | { readonly kind: 'unknown-connector' }
  | { readonly kind: 'unknown-property' | 'refused'; readonly message: string };

const connectors: readonly Connector<unknown>[] = [selfSignUp, userEmailVerification, accountLock, accountRecovery, adminForcedPasswordReset, accountDisable, passwordPolicy, passwordHistory, userClaimUpdate];

interface Wanted {
  readonly connector: Connector<unknown>;
  readonly values: StoredValues;
}

/** Those that there are, by category, in WSO2's order. */
export const connectorCategories: readonly { readonly category: Category; readonly connectors: readonly Connector<unknown>[] }[] = [...new Map(connectors.map(({ category }) => [category.id, category])).values()].map((category) => ({
  category,
  connectors: inCategory(category.id),
}));

/** What administrators see and change of the connectors, per tenant. */
export class GovernanceConnectors {
  /** @param config asked each time: it follows `deployment.toml` */
  constructor(
    private readonly stored: StoredSettings,
    private readonly config: () => ConnectorDefaults,
  ) {}

  /** @returns none for an id that no category has */
  async ofCategory(tenantDomain: string, categoryId: string): Promise<readonly ShownConnector[]> {
    return this.shown(tenantDomain, inCategory(categoryId));
  }

  /** @returns null for ids that no connector has */
  async read(tenantDomain: string, categoryId: string, id: string): Promise<ShownConnector | null> {
    return (await this.shown(tenantDomain, inCategory(categoryId).filter((connector) => connector.id === id)))[0] ?? null;
  }

  /** @returns null for a name that no connector has */
  async readByName(tenantDomain: string, name: string): Promise<ShownConnector | null> {
    return (await this.shown(tenantDomain, connectors.filter((connector) => connector.name === name)))[0] ?? null;
  }

  /** All of the changes or none. */
  async update(tenantDomain: string, categoryId: string, changes: readonly ConnectorChange[]): Promise<ChangeOutcome> {
    const known = inCategory(categoryId);
    const wanted: Wanted[] = [];
    for (const { id, properties } of changes) {
      const connector = known.find((other) => other.id === id);
      if (!connector) return { kind: 'unknown-connector' };
      const misfit = properties.map((property) => misfitOf(connector, property)).find((outcome) => outcome !== null);
      if (misfit) return misfit;
      wanted.push({ connector, values: new Map(properties.map(({ name, value }) => [name, value])) });
    }
    return this.stored.change(tenantDomain, (stored) => this.decided(wanted, stored));
  }

  /** What `deployment.toml` says counts again. Switches that depend on each other go back together. */
  async revert(tenantDomain: string, categoryId: string, id: string, names: readonly string[]): Promise<ChangeOutcome> {
    const connector = inCategory(categoryId).find((other) => other.id === id);
    if (!connector) return { kind: 'unknown-connector' };
    const unknown = names.find((name) => !connector.properties.some((property) => property.name === name));
    if (unknown !== undefined) return unknownProperty(connector, unknown);
    const groups = connector.switches.map(({ master, ways }) => [master, ...ways]);
    const all = new Set([...names, ...groups.filter((group) => group.some((name) => names.includes(name))).flat()]);
    return this.stored.change(tenantDomain, (stored) => {
      const objection = connector.objection(new Map([...stored].filter(([name]) => !all.has(name))), this.config());
      const changes = [...all].map((name) => ({ connector: connector.name, name, value: null }));
      return isAbout(all, objection) ? { kind: 'refused', message: objection.message } : { kind: 'decided', changes };
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
    return objection ? { kind: 'refused', message: objection.message } : { kind: 'decided', changes: [...changes.values()] };
  }

  private async shown(tenantDomain: string, which: readonly Connector<unknown>[]): Promise<readonly ShownConnector[]> {
    const stored = which.length === 0 ? new Map<string, string>() : await this.stored.of(tenantDomain);
    const config = this.config();
    return which.map((connector) => shownConnector(connector, connector.texts(stored, config)));
  }
}

function shownConnector({ id, name, friendlyName, category, properties }: Connector<unknown>, texts: StoredValues): ShownConnector {
  const shown = properties.map((property) => ({
    name: property.name,
    value: texts.get(property.name) ?? '',
    displayName: property.displayName,
    description: property.description,
    meta: { type: property.type, groupID: 0 } as const,
  }));
  return { id, name, category: category.name, friendlyName, order: 0, subCategory: 'DEFAULT', properties: shown };
}

/** What contradicts `deployment.toml` since it was changed, and is left alone by a change, stands in the way of none. */
function isAbout(changed: { has(name: string): boolean }, objection: Objection | null | undefined): objection is Objection {
  return objection?.to.some((name) => changed.has(name)) ?? false;
}

function inCategory(id: string): readonly Connector<unknown>[] {
  return connectors.filter(({ category }) => category.id === id);
}

/** @returns why the change cannot be made, whatever else is; null where nothing is against it */
function misfitOf(connector: Connector<unknown>, { name, value }: NamedValue): ChangeOutcome | null {
  const property = connector.properties.find((other) => other.name === name);
  if (!property) return unknownProperty(connector, name);
  return property.parse(value) === undefined ? { kind: 'refused', message: `${name}: expected ${property.expected}, got "${value}"` } : null;
}

function unknownProperty({ properties }: Connector<unknown>, name: string): ChangeOutcome {
  return { kind: 'unknown-property', message: `${name}: expected one of ${properties.map((property) => property.name).join(', ')}` };
}
