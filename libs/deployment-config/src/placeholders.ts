import type { TomlTable, TomlValue } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';
import type { TomlSource } from './toml-source.ts';

const placeholder = /\$(env|ref|secret)\{([^}]*)\}/g;
const deepestReference = 8;

/**
 * Puts in what stands elsewhere: `$env{NAME}` the environment, `$ref{a.b}` another key, `$secret{alias}` the table `[secrets]`. As in WSO2.
 * @throws DeploymentConfigError naming the key and what it asks for
 */
export function fillPlaceholders(source: TomlSource, environment: Readonly<Record<string, string | undefined>>): TomlTable {
  const fill = (value: TomlValue, path: readonly (string | number)[], depth: number): TomlValue => {
    if (typeof value === 'string') return value.replace(placeholder, (_whole, kind: string, name: string) => lookUp(kind, name, path, depth));
    if (Array.isArray(value)) return value.map((element, index) => fill(element, [...path, index], depth));
    if (isTable(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, [...path, key], depth)]));
    return value;
  };
  const lookUp = (kind: string, name: string, path: readonly (string | number)[], depth: number): string => {
    const fault = (reason: string) => new DeploymentConfigError(`${source.locate(path)}: ${path.join('.')}: ${reason}`);
    if (depth > deepestReference) throw fault('$ref leads in a circle');
    if (kind === 'env') {
      const value = environment[name];
      if (value === undefined) throw fault(`the environment variable ${name} is not set`);
      return value;
    }
    const [origin, target] = kind === 'ref' ? ['key', name.split('.')] : ['secret', ['secrets', name]];
    const value = fill(valueAt(source.table, target as readonly string[]) ?? '', target as readonly string[], depth + 1);
    if (value === '' || isTable(value) || Array.isArray(value)) throw fault(`there is no ${origin as string} ${name}`);
    return String(value);
  };
  return Object.fromEntries(Object.entries(source.table).map(([key, value]) => [key, fill(value, [key], 0)]));
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function valueAt(table: TomlTable, path: readonly string[]): TomlValue | undefined {
  let value: TomlValue | undefined = table;
  for (const key of path) value = isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
