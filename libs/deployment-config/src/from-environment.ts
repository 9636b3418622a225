import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeploymentConfigError } from './deployment-config-error.ts';
import { loadDeploymentConfig, type DeploymentText, type LoadedDeployment } from './load-deployment-config.ts';

export interface EnvironmentDeployment extends LoadedDeployment {
  /** As errors name the operator's file. */
  readonly file: string;
  /** `REKEY_HOME`: the folder for everything that the local modes keep; default `.rekey`. */
  readonly home: string;
  /** The file of local parts that was read; null where there is none. */
  readonly localFile: string | null;
  /** All that were read. */
  readonly files: readonly string[];
}

export interface EnvironmentOptions {
  /** In place of the one that `REKEY_CONFIG` names. */
  readonly file?: string;
  /** TOML text beneath everything else. */
  readonly defaults?: string;
  /** Also reads what local parts that run by themselves (`npm run database`) left in `localFileIn(home)`, where `REKEY_LOCAL` names no other. */
  readonly findLocalFile?: boolean;
}

const shippedFile = fileURLToPath(new URL('../../../deployment.toml', import.meta.url));

/** Where the local parts write how to reach them, for the services of the same data folder. */
export function localFileIn(home: string): string {
  return path.join(home, 'run/local.toml');
}

/**
 * The configuration of this process. `REKEY_CONFIG` names the file (default: the `deployment.toml` of the checkout); beneath it lie
 * `KAFKA_BROKERS` (comma-separated `host:port`) and `OTEL_EXPORTER_OTLP_ENDPOINT`, then the file that `REKEY_LOCAL` names (written by the local modes).
 * @throws DeploymentConfigError
 */
export function configFromEnvironment({ file: givenFile, defaults, findLocalFile = false }: EnvironmentOptions = {}): EnvironmentDeployment {
  const { REKEY_CONFIG: fileOfVariable, REKEY_LOCAL: named, REKEY_HOME: givenHome, KAFKA_BROKERS: brokers, OTEL_EXPORTER_OTLP_ENDPOINT: collector } = process.env;
  const home = givenHome || path.join(path.dirname(shippedFile), '.rekey');
  const found = findLocalFile && existsSync(localFileIn(home)) ? localFileIn(home) : null;
  const localFile = named || found;
  const operators = read(givenFile || fileOfVariable || shippedFile, !givenFile && fileOfVariable ? 'REKEY_CONFIG' : null);
  const layers: DeploymentText[] = [operators];
  if (brokers) layers.push({ name: 'KAFKA_BROKERS', isFile: false, toml: `kafka.brokers = ${JSON.stringify(brokers.split(',').map((broker) => broker.trim()))}` });
  if (collector) layers.push({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', isFile: false, toml: `telemetry.otlp_endpoint = ${JSON.stringify(collector)}` });
  if (localFile) layers.push(read(localFile, named ? 'REKEY_LOCAL' : null));
  if (defaults !== undefined) layers.push({ name: 'local defaults', isFile: false, toml: defaults });
  return { ...loadDeploymentConfig(layers, process.env), file: operators.name, home, localFile, files: [operators.name, ...(localFile ? [localFile] : [])] };
}

function read(file: string, variable: string | null): DeploymentText {
  const named = variable === null ? '' : `; ${variable} names it`;
  const bytes = readBytes(file, named);
  if (!isUtf8(bytes)) throw new DeploymentConfigError(`${file}: is not UTF-8 text, as TOML has to be${named}`);
  return { name: path.relative('.', file) || file, toml: bytes.toString('utf8') };
}

function readBytes(file: string, named: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    throw new DeploymentConfigError(`${file}: cannot be read (${code})${named}`);
  }
}
