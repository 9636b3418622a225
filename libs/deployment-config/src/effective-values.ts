import { stringify, type TomlTable, type TomlValue } from 'smol-toml';
import type { DeploymentConfig } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import { dottedKey, type KeyPath } from './key-path.ts';
import { placeholdersIn } from './placeholders.ts';
import { defaultAt, isSecretAt, knownKeysAt } from './schema.ts';
import { isTable, isTableArray } from './toml-source.ts';

/** One key of the configuration as it counts. */
export interface EffectiveValue {
  /** Names of tables and of the key; the numbers of elements of an array of tables. */
  readonly path: KeyPath;
  /** As TOML writes it; of a secret, that there is one. null where the key, or the whole table, says nothing and has no default. */
  readonly value: string | null;
  /** Told to nobody: of its value nothing but that there is one. */
  readonly isSecret: boolean;
  /** For a person: `deployment.toml:3:1, from $env{NAME}`, `KAFKA_BROKERS`, or `default`. */
  readonly source: string;
}

const masked = '"********"';
/** Of a third party's `properties` and of keys that only WSO2 reads: Rekey knows no more of them than the name. */
const secretLooking = /pass|pwd|secret|token|credential|auth|bearer|salt|private|dsn|key$|api_?key/i;
/** `https://user:password@host`; passwords are seen with a slash in them. */
const withCredentials = /\/\/[^@\s]*:[^@\s]*@/;
/** References to references: deeper than `fillPlaceholders` follows them. */
const deepestReference = 10;

/**
 * @param merged what all layers say together, with every placeholder filled
 * @param layers to tell who says it
 */
export function effectiveValues(merged: TomlTable, layers: DeploymentLayers, { server, passwordRecovery, delivery }: DeploymentConfig): readonly EffectiveValue[] {
  /** Those whose defaults are made of other keys. */
  const derived = new Map<string, string | number>([
    ['server.base_path', server.baseUrl],
    ['identity_mgt.recovery.callback_url', passwordRecovery.callbackPattern],
    ['delivery.prefetch', delivery.prefetch],
    ['delivery.concurrency_per_domain', delivery.concurrencyPerDomain],
  ]);

  const valuesAt = (path: KeyPath, value: unknown): EffectiveValue[] => {
    const keys = knownKeysAt(path);
    if (Array.isArray(value) && value.length === 0 && knownKeysAt([...path, 0]) !== null) return [{ path, value: null, isSecret: false, source: 'default' }];
    if (isTableArray(value)) return value.flatMap((element, index) => valuesAt([...path, index], element));
    if (keys === null && isTable(value)) return Object.entries(value).flatMap(([key, entry]) => valuesAt([...path, key], entry));
    if (keys === null) return [valueAt(path, value)];
    if (value === undefined) return [{ path, value: null, isSecret: false, source: 'default' }];
    const below = isTable(value) ? value : {};
    // As in a file, where a table's own keys stand before the tables in it.
    const ownFirst = [...keys].sort((a, b) => Number(hasTables([...path, a])) - Number(hasTables([...path, b])));
    return ownFirst.flatMap((key) => valuesAt([...path, key], below[key] ?? defaultAt([...path, key])));
  };

  const valueAt = (path: KeyPath, value: unknown): EffectiveValue => {
    const written = layers.written(path);
    const counting = value ?? derived.get(dottedKey(path));
    const used = placeholdersIn(written?.value);
    const source = written === null ? 'default' : [written.place, ...used.map(({ whole }) => `from ${whole}`)].join(', ');
    const isSecret = isHidden(path, written?.value) || (typeof counting === 'string' && withCredentials.test(counting));
    return { path, value: counting === undefined ? null : shown(counting, isSecret), isSecret, source };
  };

  const isHidden = (path: KeyPath, written: TomlValue | undefined, depth = 0): boolean => {
    if (isSecretAt(path) || (path.includes('properties') && secretLooking.test(String(path.at(-1))))) return true;
    return placeholdersIn(written).some(({ kind, name }) => {
      const target = name.split('.');
      if (kind !== 'ref') return kind === 'secret' || isThirdPartys(path);
      return depth >= deepestReference || secretLooking.test(target.at(-1) ?? '') || isHidden(target, layers.written(target)?.value, depth + 1);
    });
  };

  return valuesAt([], merged);
}

/** A property in whose text somebody put a variable: most of those are secrets, and nobody else can tell. */
function isThirdPartys(path: KeyPath): boolean {
  return (path[0] === 'captcha' && path[1] === 'properties') || (typeof path[1] === 'number' && path[2] === 'properties');
}

function hasTables(path: KeyPath): boolean {
  return knownKeysAt(path) !== null || knownKeysAt([...path, 0]) !== null || path.at(-1) === 'properties';
}

function shown(value: unknown, isSecret: boolean): string {
  if (isSecret) return Array.isArray(value) ? `[${value.map(() => masked).join(', ')}]` : masked;
  // `stringify` writes tables: of one with a single key, what stands behind its name.
  return stringify({ a: value }).trim().replace(/^a = /, '');
}
