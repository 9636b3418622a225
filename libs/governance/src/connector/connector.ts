import type { ConnectorDefaults, Property } from './property.ts';
import type { Switches } from './switches.ts';

/** What a tenant's administrators have set, by the properties' names, which no two connectors share. */
export type StoredValues = ReadonlyMap<string, string>;

export interface Category {
  readonly name: string;
  /** Unpadded base64url of the name, as WSO2 has it; so are connectors' ids. */
  readonly id: string;
}

/** A connector of WSO2's governance API: settings that belong together, each of which an administrator can change while the server runs. */
export interface Connector<Settings> {
  readonly name: string;
  readonly id: string;
  readonly friendlyName: string;
  readonly category: Category;
  readonly properties: readonly Property<unknown>[];
  readonly switches: readonly Switches[];
  readonly settings: (stored: StoredValues, config: ConnectorDefaults) => Settings;
  /** The same as the properties' texts, by their names. */
  readonly texts: (stored: StoredValues, config: ConnectorDefaults) => StoredValues;
  /** Which of them count because they were stored, and not because the configuration says so. */
  readonly own: (stored: StoredValues, config: ConnectorDefaults) => ReadonlySet<string>;
  /** @returns what is wrong with settings that each by itself fit; null where nothing is */
  readonly objection: (stored: StoredValues, config: ConnectorDefaults) => Objection | null;
}

/** Settings that do not go together. */
export interface Objection<Named extends PropertyKey = string> {
  /** Which, and no others: what else was set counts all the same. */
  readonly to: readonly Named[];
  readonly message: string;
}

type SettingsIn<Properties> = { readonly [Field in keyof Properties]: Properties[Field] extends Property<infer Value> ? Value : never };

/** What is read of a connector. */
export type SettingsOf<Of> = Of extends Connector<infer Settings> ? Settings : never;

interface Definition<Properties> {
  readonly name: string;
  readonly friendlyName: string;
  readonly category: string;
  /** In WSO2's order, each under the name that the code knows it by. */
  readonly properties: Properties;
  readonly switches?: readonly Switches[];
  readonly objectionTo?: (settings: SettingsIn<Properties>) => Objection<keyof Properties> | null;
}

/** What is read of a connector follows from its table: there is no other place that says what a property is called or means. */
export function connector<Properties extends Readonly<Record<string, Property<unknown>>>>(definition: Definition<Properties>): Connector<SettingsIn<Properties>> {
  const { name, friendlyName, category, properties, switches = [], objectionTo = () => null } = definition;
  const all = Object.values(properties);
  const read = (stored: StoredValues, config: ConnectorDefaults) =>
    Object.fromEntries(Object.entries(properties).map(([field, property]) => [field, valueOf(property, stored, config)])) as SettingsIn<Properties>; // each field from its own property
  const objection = (stored: StoredValues, config: ConnectorDefaults) => {
    const found = objectionTo(read(stored, config));
    return found && { ...found, to: found.to.flatMap((field) => properties[field]?.name ?? []) };
  };
  // What was stored, and contradicts what `deployment.toml` has come to say, does not count: it could let nobody have a password.
  const counting = (stored: StoredValues, config: ConnectorDefaults) => {
    const contradicting = objection(stored, config)?.to ?? [];
    return new Map([...stored].filter(([name]) => !contradicting.includes(name)));
  };
  return {
    name,
    id: idOf(name),
    friendlyName,
    category: { name: category, id: idOf(category) },
    properties: all,
    switches,
    settings: (stored, config) => read(counting(stored, config), config),
    texts(stored, config) {
      const counted = counting(stored, config);
      return new Map(all.map((property) => [property.name, textOf(property, counted, config)]));
    },
    own(stored, config) {
      const counted = counting(stored, config);
      return new Set(all.filter((property) => isSet(property, counted)).map(({ name }) => name));
    },
    objection,
  };
}

/** What was stored by an earlier version, and fits no more, does not count. */
function valueOf<Value>({ name, parse, defaultOf }: Property<Value>, stored: StoredValues, config: ConnectorDefaults): Value {
  const text = stored.get(name);
  const value = text === undefined ? undefined : parse(text);
  return value === undefined ? defaultOf(config) : value;
}

function textOf({ name, parse, defaultTextOf }: Property<unknown>, stored: StoredValues, config: ConnectorDefaults): string {
  const text = stored.get(name);
  return text === undefined || parse(text) === undefined ? defaultTextOf(config) : text;
}

function isSet({ name, parse }: Property<unknown>, stored: StoredValues): boolean {
  const text = stored.get(name);
  return text !== undefined && parse(text) !== undefined;
}

function idOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}
