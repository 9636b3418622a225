import type { TomlTable, TomlValue } from 'smol-toml';
import type { DeploymentLayers } from './deployment-layers.ts';
import type { KeyPath } from './key-path.ts';
import { defaultAt } from './schema.ts';
import { isTable } from './toml-source.ts';

const placeholder = /\$(env|ref|secret)\{([^}]*)\}/g;
const deepestReference = 8;

export interface Placeholder {
  /** As it is written: `$env{NAME}`. */
  readonly whole: string;
  readonly kind: 'env' | 'ref' | 'secret';
  readonly name: string;
}

/** @param value of a key, a list of texts too */
export function placeholdersIn(value: TomlValue | undefined): readonly Placeholder[] {
  if (Array.isArray(value)) return value.flatMap(placeholdersIn);
  if (typeof value !== 'string') return [];
  return Array.from(value.matchAll(placeholder), ([whole, kind, name = '']) => ({ whole, kind: kind === 'env' || kind === 'ref' ? kind : 'secret', name }));
}

/**
 * Puts in what stands elsewhere: `$env{NAME}` the environment, `$ref{a.b}` another key, `$secret{alias}` the table `[secrets]`. As in WSO2.
 * @param table what all layers say together. References may lead to any key, in whichever layer, to those that only WSO2 reads, and to defaults
 * @throws DeploymentConfigError naming the key and what it asks for
 */
export function fillPlaceholders(table: TomlTable, layers: DeploymentLayers, environment: Readonly<Record<string, string | undefined>>): TomlTable {
  /** @param trail the references that led here */
  const fill = (value: TomlValue, path: KeyPath, trail: readonly string[]): TomlValue => {
    if (typeof value === 'string') return fillText(value, path, trail);
    if (Array.isArray(value)) return value.map((element, index) => fill(element, [...path, index], trail));
    if (isTable(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, [...path, key], trail)]));
    return value;
  };
  const fillText = (text: string, path: KeyPath, trail: readonly string[]): string =>
    text.replace(placeholder, (whole, kind: string, name: string) => (kind === 'env' ? variable(name, path) : reference(whole, kind, name, path, trail)));
  const variable = (name: string, path: KeyPath): string => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) throw layers.refusal(path, `the environment variable ${name} is not set`);
    return value;
  };
  const reference = (whole: string, kind: string, name: string, path: KeyPath, trail: readonly string[]): string => {
    if (trail.includes(whole)) throw layers.refusal(path, `${[...trail.slice(trail.indexOf(whole)), whole].join(' → ')} leads in a circle`);
    if (trail.length >= deepestReference) throw layers.refusal(path, `${whole} is reached over more than ${deepestReference} references`);
    const target = kind === 'ref' ? name.split('.') : ['secrets', name];
    const value = layers.written(target)?.value ?? (defaultAt(target) as TomlValue | undefined); // defaults stand in the schema as a file would write them
    if (value === undefined) throw layers.refusal(path, kind === 'ref' ? `there is no key ${name}` : `there is no ${name} in [secrets]`);
    if (typeof value === 'object') throw layers.refusal(path, `${whole} does not lead to a single value`);
    return typeof value === 'string' ? fillText(value, target, [...trail, whole]) : String(value);
  };
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, fill(value, [key], [])]));
}
