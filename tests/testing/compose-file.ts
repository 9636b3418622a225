import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './started-program.ts';

/** What this repository's own docker-compose.yml uses of a service. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly container_name?: string;
  readonly hostname?: string;
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean; readonly ipam?: { readonly config: readonly { readonly subnet: string }[] } } | null>>;
}

export async function readComposeFile(): Promise<ComposeFile> {
  return parse(await readFile(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile; // held against the specification's schema in compose.spec.ts
}

export function serviceOf({ services }: ComposeFile, name: string): ComposeService {
  const service = services[name];
  if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}

const variable = /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;

/** @returns the names of the variables in a value of the file */
export function variablesIn(value: string): { readonly name: string; readonly required: boolean; readonly otherwise: string }[] {
  return [...value.matchAll(variable)].map(([, name = '', operator, rest = '']) => ({ name, required: operator === '?', otherwise: operator === '-' ? rest : '' }));
}

/**
 * The environment of a service's container: its image's, and what Compose makes of `${NAME}`, `${NAME:-otherwise}` and `${NAME:?message}`.
 * @param variables what is in `.env`
 * @throws Error where a required one is missing
 */
export function environmentOf({ environment = {} }: ComposeService, variables: Readonly<Record<string, string>>): Record<string, string> {
  const filled = (value: string) =>
    value.replace(variable, (_whole, name: string, operator: string | undefined, rest: string | undefined) => {
      const given = variables[name];
      if (given !== undefined && given !== '') return given;
      if (operator === '?') throw new Error(`${name}: ${rest}`);
      return rest ?? '';
    });
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
}
