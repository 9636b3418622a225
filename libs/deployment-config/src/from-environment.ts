import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeploymentConfigError } from './deployment-config-error.ts';
import { loadDeploymentConfig, type DeploymentText, type LoadedDeployment } from './load-deployment-config.ts';

export interface EnvironmentDeployment extends LoadedDeployment {
  /** `REKEY_HOME`: the folder for everything that the local modes keep; default `.rekey`. */
  readonly home: string;
}

const shippedFile = fileURLToPath(new URL('../../../deployment.toml', import.meta.url));

/**
 * The configuration of this process: `REKEY_CONFIG` names the file (default: the `deployment.toml` of the checkout), `REKEY_LOCAL` one
 * that lies beneath it (written by the local modes).
 * @param options.defaults TOML text beneath everything else
 * @throws DeploymentConfigError
 */
export function configFromEnvironment(options: { readonly defaults?: string } = {}): EnvironmentDeployment {
  const { REKEY_CONFIG: file, REKEY_LOCAL: local, REKEY_HOME: home } = process.env;
  const layers: DeploymentText[] = [read(file || shippedFile, file ? 'REKEY_CONFIG' : null)];
  if (local) layers.push(read(local, 'REKEY_LOCAL'));
  if (options.defaults !== undefined) layers.push({ name: 'local defaults', toml: options.defaults });
  return { ...loadDeploymentConfig(layers, process.env), home: home || path.join(path.dirname(shippedFile), '.rekey') };
}

function read(file: string, variable: string | null): DeploymentText {
  const name = path.relative('.', file) || file;
  try {
    return { name, toml: readFileSync(file, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DeploymentConfigError(`${file}: cannot be read (${code})${variable === null ? '' : `; ${variable} names it`}`);
  }
}
