import type { TomlTable, TomlValue } from 'smol-toml';
import type { z } from 'zod';
import { DeploymentConfigError } from './deployment-config-error.ts';
import type { DeploymentConfig } from './deployment-config.ts';
import { nearest } from './nearest.ts';
import { fillPlaceholders, isTable } from './placeholders.ts';
import { deploymentToml } from './schema.ts';
import { toDeploymentConfig } from './to-deployment-config.ts';
import { TomlSource } from './toml-source.ts';
import { isUnusedWso2Key } from './wso2-keys.ts';

export interface DeploymentText {
  /** As errors name it. */
  readonly name: string;
  readonly toml: string;
}

export interface LoadedDeployment {
  readonly config: DeploymentConfig;
  /** For the operator, one line each: keys of WSO2 that Rekey does not use. */
  readonly warnings: readonly string[];
}

/**
 * Reads `deployment.toml`.
 * @param layers the operator's file first, then what lies beneath it: where the first is silent, the next one speaks. Arrays of tables are joined.
 * @throws DeploymentConfigError: one line with file, line, column, key, and what was expected
 */
export function loadDeploymentConfig(layers: readonly DeploymentText[], environment: Readonly<Record<string, string | undefined>>): LoadedDeployment {
  const sources = layers.map(({ name, toml }) => TomlSource.parse(name, toml));
  const unused: string[] = [];
  const merged = sources
    .map((source) => withoutUnusedKeys(fillPlaceholders(source, environment), [], unused))
    .reduceRight<TomlTable>((beneath, above) => merge(beneath, above), {});
  const result = deploymentToml.safeParse(merged);
  if (!result.success) throw faultOf(result.error.issues, sources);
  const config = toDeploymentConfig(result.data, (path, reason) => new DeploymentConfigError(`${locate(sources, path)}: ${path.join('.')}: ${reason}`));
  const warnings = unused.length === 0 ? [] : [`${sources[0]?.name ?? 'deployment.toml'}: Rekey does not use these keys of WSO2 Identity Server: ${unused.join(', ')}`];
  return { config: deepFreeze(config), warnings };
}

/** Takes out what only WSO2 reads. A key that Rekey reads is never taken out, even where a pattern would match it. */
function withoutUnusedKeys(table: TomlTable, path: readonly string[], unused: string[]): TomlTable {
  const kept: [string, TomlValue][] = [];
  for (const [key, value] of Object.entries(table)) {
    const here = [...path, key];
    const known = knownKeysAt(path);
    if (known && !known.includes(key) && isUnusedWso2Key(here.join('.'))) unused.push(here.join('.'));
    else kept.push([key, isTable(value) && knownKeysAt(here) ? withoutUnusedKeys(value, here, unused) : value]);
  }
  return Object.fromEntries(kept);
}

/** @returns the keys that Rekey reads in the table at this path; null where it is no table of fixed keys */
function knownKeysAt(path: readonly PropertyKey[]): readonly string[] | null {
  let schema: z.core.$ZodType = deploymentToml;
  for (const part of path) {
    schema = unwrapped(schema);
    const { def } = schema._zod;
    if (typeof part === 'number' && def.type === 'array') schema = (def as z.core.$ZodArrayDef).element;
    else if (typeof part === 'string' && def.type === 'object' && (def as z.core.$ZodObjectDef).shape[part]) schema = (def as z.core.$ZodObjectDef).shape[part] as z.core.$ZodType;
    else return null;
  }
  const { def } = unwrapped(schema)._zod;
  return def.type === 'object' ? Object.keys((def as z.core.$ZodObjectDef).shape) : null; // zod's `type` tells which definition it is
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  return 'innerType' in def ? unwrapped(def.innerType as z.core.$ZodType) : schema; // optional and prefault wrap one inner type
}

function merge(beneath: TomlTable, above: TomlTable): TomlTable {
  const merged: TomlTable = { ...beneath };
  for (const [key, value] of Object.entries(above)) {
    const below = merged[key];
    if (isTable(value) && isTable(below)) merged[key] = merge(below, value);
    else if (isTableArray(value) && isTableArray(below)) merged[key] = [...value, ...below];
    else merged[key] = value;
  }
  return merged;
}

function isTableArray(value: TomlValue | undefined): value is TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function faultOf(issues: readonly z.core.$ZodIssue[], sources: readonly TomlSource[]): DeploymentConfigError {
  const [issue] = issues;
  if (!issue) return new DeploymentConfigError('deployment.toml is not valid');
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] ?? ''];
    const suggestion = nearest(issue.keys[0] ?? '', knownKeysAt(issue.path) ?? []);
    return new DeploymentConfigError(`${locate(sources, path)}: ${path.join('.')}: there is no such key${suggestion === null ? '' : `; did you mean ${[...issue.path, suggestion].join('.')}?`}`);
  }
  return new DeploymentConfigError(`${locate(sources, issue.path)}: ${issue.path.join('.')}: ${issue.message}`);
}

/** In the layer that says it; the operator's own where none does. */
function locate(sources: readonly TomlSource[], path: readonly PropertyKey[]): string {
  const places = sources.map((source) => source.locate(path));
  return places.find((place, index) => place !== sources[index]?.name) ?? places[0] ?? 'deployment.toml';
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
