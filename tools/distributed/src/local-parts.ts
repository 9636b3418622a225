import path from 'node:path';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { assertKafkaCanStart, startKafka } from '@rekey/kafka';
import { startEmbeddedPostgres, type DatabaseSettings, type EmbeddedPostgres, type LocalPorts, type LocalStackLog, type ProcessRecords } from '@rekey/local-stack';
import { Keeper, type Part } from './keeper.ts';
import type { RunningParts } from './running-parts.ts';

export interface LocalPartsOptions {
  readonly config: DeploymentConfig;
  readonly home: string;
  readonly ports: LocalPorts;
  readonly records: ProcessRecords;
  readonly running: RunningParts;
  readonly logOf: (name: string) => LocalStackLog;
}

export interface LocalParts {
  readonly brokers: readonly string[];
  readonly identityDatabase: DatabaseSettings;
  readonly notificationDatabase: DatabaseSettings;
}

/** Their own starters end orphans of theirs. */
export const localPartNames = ['postgres', 'kafka'];

type StartedPostgres = Part & Pick<EmbeddedPostgres, 'ensureDatabase' | 'settings'>;

/** Starts the broker and the database, each unless the operator's configuration names one. */
export async function startLocalParts({ config, home, ports, records, running, logOf }: LocalPartsOptions): Promise<LocalParts> {
  const postgres = new Keeper<StartedPostgres>({
    name: 'postgres',
    records,
    log: logOf('postgres'),
    start: async () => {
      const { pid, ended, stop, ensureDatabase, settings } = await startEmbeddedPostgres({ dataFolder: path.join(home, 'postgres'), port: ports.postgres, log: logOf('postgres') });
      return { pid, stop, ensureDatabase, settings, ended: ended.then(() => 'see postgres.log') };
    },
  });
  const kafka = new Keeper<Part & { readonly brokers: readonly string[] }>({
    name: 'kafka',
    records,
    log: logOf('kafka'),
    start: async () => {
      const { pid, ended, stop, brokers } = await startKafka({ folder: path.join(home, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController, log: logOf('kafka') });
      return { pid, stop, brokers, ended: ended.then(() => 'see kafka.log') };
    },
  });
  const { identityDatabase, notificationDatabase } = config;
  // Told before a database is made for nothing.
  if (!config.kafka) await assertKafkaCanStart();
  running.add(postgres, kafka);
  const [databases, brokers] = await Promise.all([
    identityDatabase && notificationDatabase ? { identityDatabase, notificationDatabase } : postgres.start().then(databasesIn),
    config.kafka?.brokers ?? kafka.start().then((started) => started.brokers),
  ]);
  return { brokers, ...databases };
}

async function databasesIn(postgres: StartedPostgres): Promise<Pick<LocalParts, 'identityDatabase' | 'notificationDatabase'>> {
  await Promise.all(['rekey_recovery', 'rekey_notification'].map((name) => postgres.ensureDatabase(name)));
  return { identityDatabase: postgres.settings('rekey_recovery'), notificationDatabase: postgres.settings('rekey_notification') };
}
