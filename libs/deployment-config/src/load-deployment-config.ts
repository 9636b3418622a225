import type { TomlTable, TomlValue } from 'smol-toml';
import type { z } from 'zod';
import type { DeploymentConfigError } from './deployment-config-error.ts';
import type { DeploymentConfig } from './deployment-config.ts';
import { dangersOf } from './dangers.ts';
import { DeploymentLayers, merge } from './deployment-layers.ts';
import { effectiveValues, type EffectiveValue } from './effective-values.ts';
import { dottedKey } from './key-path.ts';
import { nearest } from './nearest.ts';
import { fillPlaceholders } from './placeholders.ts';
import { deploymentToml, knownKeysAt, type DeploymentToml } from './schema.ts';
import { javaExtensions } from './tables/extensions.ts';
import { toDeploymentConfig } from './to-deployment-config.ts';
import { isTable, TomlSource } from './toml-source.ts';
import { isOpenTable, isUnusedWso2Key, isWso2Database } from './wso2-keys.ts';

export interface DeploymentText {
  /** As errors name it. */
  readonly name: string;
  readonly toml: string;
  /** Default true; false of an environment variable, in which no line or column is told. */
  readonly isFile?: boolean;
}

export interface LoadedDeployment {
  readonly config: DeploymentConfig;
  /** For the operator, one line each. */
  readonly warnings: readonly string[];
  /** Every key with what it counts as, and where that stands. Secrets are not told. */
  readonly effective: () => readonly EffectiveValue[];
}

/**
 * Reads `deployment.toml`.
 * @param layers the operator's file first, then what lies beneath it: where the first is silent, the next one speaks. Arrays of tables are joined.
 * @throws DeploymentConfigError: one line with file, line, column, key, and what was expected
 */
export function loadDeploymentConfig(texts: readonly DeploymentText[], environment: Readonly<Record<string, string | undefined>>): LoadedDeployment {
  const sources = texts.map(({ name, toml, isFile }) => TomlSource.parse(name, toml, isFile));
  const layers = new DeploymentLayers(sources);
  const read = sources.map((source) => withoutUnusedKeys(source.table));
  const together = read.reduceRight<TomlTable>((beneath, above) => merge(beneath, above.table), {});
  const merged = fillPlaceholders(together, layers, environment);
  const result = deploymentToml.safeParse(merged);
  if (!result.success) throw faultOf(result.error, layers);
  const config = deepFreeze(toDeploymentConfig(result.data, layers));
  const unused = sources.flatMap(({ name }, index) => {
    const keys = read[index]?.unused ?? [];
    return keys.length === 0 ? [] : [`${name}: Rekey does not use these keys of WSO2 Identity Server: ${keys.join(', ')}`];
  });
  return {
    config,
    warnings: [...unused, ...javaExtensionsOf(result.data), ...secretsInBrackets(result.data), ...neverDone(result.data), ...dangersOf(config, result.data)],
    effective: () => effectiveValues(merged, layers, config),
  };
}

/** What counts where a file says nothing. @param baseUrl of which some defaults are made */
export function shippedConfig(baseUrl: string): DeploymentConfig {
  return loadDeploymentConfig([{ name: 'defaults', toml: `server.base_path = ${JSON.stringify(baseUrl)}`, isFile: false }], {}).config;
}

/** Takes out what only WSO2 reads. A key that Rekey reads is never taken out, nor one that looks like a slip for it. */
function withoutUnusedKeys(table: TomlTable): { readonly table: TomlTable; readonly unused: readonly string[] } {
  const unused: string[] = [];
  const keptOf = (values: TomlTable, path: readonly string[]): TomlTable => {
    const known = knownKeysAt(path);
    const kept: [string, TomlValue][] = [];
    for (const [key, value] of Object.entries(values)) {
      const here = [...path, key];
      if ((isTable(value) && isWso2Database(here, value)) || (known && !known.includes(key) && (isUnusedWso2Key(here) || (isOpenTable(path) && nearest(key, known) === null)))) unused.push(dottedKey(here));
      else kept.push([key, isTable(value) && knownKeysAt(here) ? keptOf(value, here) : value]);
    }
    return Object.fromEntries(kept);
  };
  return { table: keptOf(table, []), unused };
}

function faultOf(error: z.ZodError, layers: DeploymentLayers): DeploymentConfigError {
  const [issue] = error.issues;
  if (!issue) return layers.refusal([], 'not valid');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const suggestion = nearest(key, knownKeysAt(issue.path) ?? []);
    return layers.refusal([...issue.path, key], `there is no such key${suggestion === null ? '' : `; did you mean ${dottedKey([...issue.path, suggestion])}?`}`);
  }
  const mayShow = issue.code === 'custom' && issue.params?.['shown'] === 'value';
  return layers.unexpected(issue.path, issue.message, mayShow ? 'value' : 'kind');
}

function javaExtensionsOf(toml: DeploymentToml): string[] {
  const named = javaExtensions(toml);
  return named.length === 0 ? [] : [`${named.join(', ')}: these have no "module", so they name Java classes, which Rekey cannot call`];
}

function secretsInBrackets({ secrets }: DeploymentToml): string[] {
  const keys = Object.entries(secrets).flatMap(([alias, secret]) => (/^\[.*\]$/s.test(secret) ? [dottedKey(['secrets', alias])] : []));
  return keys.length === 0 ? [] : [`${keys.join(', ')}: in brackets, as WSO2 writes what its cipher tool has yet to encrypt; here they belong to the secret`];
}

/** What a file may rely on at WSO2, and Rekey leaves out on purpose. */
function neverDone({ identity_mgt: { notification, password_reset_challenge_questions: questions } }: DeploymentToml): string[] {
  return [
    ...(questions.enable_password_reset_challenge_questions ? ['identity_mgt.password_reset_challenge_questions: Rekey asks no questions: their answers can be guessed or looked up (NIST SP 800-63B-4, 3.1.1.2)'] : []),
    ...(notification.default_notification_channel === 'SMS' ? ['identity_mgt.notification.default_notification_channel: Rekey sends mails alone, no "SMS"'] : []),
  ];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
