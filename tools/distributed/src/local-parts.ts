import path from 'node:path';
import type { DeploymentConfig } from '@rekey/deployment-config';
import { assertKafkaCanStart, startKafka } from '@rekey/kafka';
import { startEmbeddedPostgres, type EmbeddedPostgres, type LocalDefaults, type LocalPorts, type LocalStackLog, type ProcessRecords } from '@rekey/local-stack';
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

export type LocalParts = Pick<LocalDefaults, 'brokers' | 'identityDatabase' | 'notificationDatabase'>;

/** Their own starters end orphans of theirs. */
export const localPartNames = ['postgres', 'kafka'];

type StartedPostgres = Part & Pick<EmbeddedPostgres, 'ensureDatabase' | 'settings'>;

/** Starts the broker and the databases, each unless the operator's configuration names one: those are null. */
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
  // Told before a database is made for nothing.
  if (!config.kafka) await assertKafkaCanStart();
  running.add(postgres, kafka);
  const [databases, brokers] = await Promise.all([
    config.identityDatabase && config.notificationDatabase ? { identityDatabase: null, notificationDatabase: null } : postgres.start().then((started) => databasesIn(started, config)),
    config.kafka?.brokers ?? kafka.start().then((started) => started.brokers),
  ]);
  return { brokers, ...databases };
}

async function databasesIn(postgres: StartedPostgres, { identityDatabase, notificationDatabase }: DeploymentConfig): Promise<Pick<LocalParts, 'identityDatabase' | 'notificationDatabase'>> {
  const made = async (name: string) => postgres.ensureDatabase(name).then(() => postgres.settings(name));
  const [identity, notification] = await Promise.all([identityDatabase ? null : made('rekey_recovery'), notificationDatabase ? null : made('rekey_notification')]);
  return { identityDatabase: identity, notificationDatabase: notification };
}
