import { DeploymentConfigError } from './deployment-config-error.ts';
import type { DeploymentConfig } from './deployment-config.ts';
import { configFromEnvironment } from './from-environment.ts';
import type { LoadedDeployment } from './load-deployment-config.ts';
import type { DatabaseSettings } from './tables/database.ts';
import type { KafkaSettings } from './tables/kafka.ts';

export interface ServiceDeployment {
  readonly config: DeploymentConfig;
  readonly kafka: KafkaSettings;
  readonly database: DatabaseSettings;
  /** The file of local parts that was read; null where there is none. */
  readonly localFile: string | null;
  /** All that were read. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  /** Every key with what it counts as. */
  readonly effective: LoadedDeployment['effective'];
  /** `REKEY_PORT`, as given; null where it is not. */
  readonly port: string | null;
}

/**
 * The configuration of one service that runs by itself: the operator's file, and beneath it the local parts of the same data folder.
 * @param table the service's own database, as it stands in the file
 * @throws DeploymentConfigError; where the database or the brokers are not named, it says which commands start local ones
 */
export function serviceConfig(table: 'identity_db' | 'notification_db'): ServiceDeployment {
  const { config, file, files, localFile, warnings, effective } = configFromEnvironment({ findLocalFile: true });
  const database = table === 'identity_db' ? config.identityDatabase : config.notificationDatabase;
  const { kafka } = config;
  if (database && kafka) return { config, kafka, database, localFile, files, warnings, effective, port: process.env['REKEY_PORT'] ?? null };
  const missing = [...(database ? [] : [`[database.${table}]`]), ...(kafka ? [] : ['[kafka]'])];
  const commands = [...(database ? [] : ['npm run database']), ...(kafka ? [] : ['npm run kafka'])];
  throw new DeploymentConfigError(`${file}: ${missing.join(' and ')} missing: run \`${commands.join('` and `')}\` in other terminals for local ones${kafka ? '' : ' (or set KAFKA_BROKERS)'}, or name yours there`);
}

/** Of the network and of PostgreSQL (class 28, 3D000): nobody there, the wrong door, or no such database. */
const unreachable = /^(?:E[A-Z]+|28...|3D000|57P03)$/;

/** @returns an error of opening the service's database as an operator reads it; any other error as it is */
export function databaseFault(error: unknown, { database: { host, port, name }, localFile }: Pick<ServiceDeployment, 'database' | 'localFile'>): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (!unreachable.test(code)) return error;
  const isLeftOver = code === 'ECONNREFUSED' && localFile !== null && !process.env['REKEY_LOCAL'];
  const hint = isLeftOver ? `: ${localFile} names it, but it does not run: \`npm run database\` starts it` : '';
  return new DeploymentConfigError(`the database ${name} at ${host}:${port} cannot be opened (${code})${hint}`);
}
