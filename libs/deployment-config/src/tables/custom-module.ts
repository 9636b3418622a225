import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import type { KeyPath } from '../key-path.ts';
import { choice, duration, scalarText, text, toggle } from '../values/scalars.ts';

/** Code of a third party that the chain calls. */
export interface CustomModuleSettings {
  /** Told apart by it in traces, errors and the file. */
  readonly name: string;
  /** A path, absolute here (in the file relative to the file), or the name of an installed package. */
  readonly module: string;
  readonly priority: number;
  readonly enable: boolean;
  /** How long one hook may take. */
  readonly timeLimitMs: number;
  /** What a hook that throws, hangs or answers nonsense means: `refuse` the operation (the default), or `continue`. */
  readonly onFailure: 'refuse' | 'continue';
  readonly properties: Readonly<Record<string, string>>;
}

/** For the code itself, whatever it makes of them. */
export const customProperties = z.record(z.string(), scalarText, { error: 'a table of texts' }).prefault({});

/** What listeners and handlers have in common. Without a `module` an entry names one of WSO2's Java classes. */
export const customModule = {
  enable: toggle.prefault(true),
  module: text('the path or package name of a module').optional(),
  properties: customProperties,
  time_limit: duration(1, 30, 's', 'a duration from "1s" to "30s"').prefault('2s'),
  on_failure: choice(['refuse', 'continue']).prefault('refuse'),
};

/**
 * A path is relative to the file that names it; anything else is an installed package. Nothing is loaded here: a module is somebody's code,
 * and runs where a service starts.
 */
export function resolvedModule(module: string, isLoaded: boolean, path: KeyPath, layers: DeploymentLayers): string {
  if (!/^\.{0,2}\//.test(module)) return module;
  const file = resolve(layers.folderOf(path), module);
  if (isLoaded && !existsSync(file)) throw layers.refusal(path, `there is no file ${file}`);
  return file;
}
