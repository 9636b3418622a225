import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startKafka } from '@rekey/kafka';
import { localDefaults, localKeys, localPorts, startEmbeddedPostgres, type DatabaseSettings, type LocalPorts } from '@rekey/local-stack';
import { Client } from 'pg';
import type { MeasuredProcess } from './process-usage.ts';
import type { StartedThings } from './started-things.ts';

export const recoveryDatabase = 'rekey_recovery';
export const notificationDatabase = 'rekey_notification';

/** What services of their own process run on: database, keys and, where wanted, a broker. */
export interface LocalParts {
  readonly ports: LocalPorts;
  readonly recovery: DatabaseSettings;
  readonly notification: DatabaseSettings;
  /** Of the services: `REKEY_LOCAL` names what the parts are reached by. */
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: readonly MeasuredProcess[];
}

export interface LocalPartsOptions {
  /** `REKEY_HOME` */
  readonly home: string;
  readonly deploymentFile: string;
  readonly offset: number;
  readonly kafka: boolean;
}

export async function startLocalParts({ home, deploymentFile, offset, kafka }: LocalPartsOptions, started: StartedThings): Promise<LocalParts> {
  const ports = localPorts(offset);
  const postgres = started.add(await startEmbeddedPostgres({ dataFolder: path.join(home, 'postgres'), port: ports.postgres }));
  for (const name of [recoveryDatabase, notificationDatabase]) await postgres.ensureDatabase(name);
  const broker = kafka ? started.add(await startKafka({ folder: path.join(home, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController })) : null;
  const keys = await localKeys(home);

  const localFile = path.join(home, 'run/local.toml');
  await mkdir(path.dirname(localFile), { recursive: true });
  const baseUrl = `https://localhost:${ports.https}`;
  const [identityDatabase, otherDatabase] = [postgres.settings(recoveryDatabase), postgres.settings(notificationDatabase)];
  await writeFile(localFile, localDefaults({ ports, keys, baseUrl, mailCatcher: false, brokers: broker?.brokers ?? [], identityDatabase, notificationDatabase: otherDatabase }), { mode: 0o600 });
  return {
    ports,
    recovery: identityDatabase,
    notification: otherDatabase,
    environment: { REKEY_CONFIG: deploymentFile, REKEY_LOCAL: localFile, REKEY_HOME: home },
    processes: [{ name: 'PostgreSQL', pid: postgres.pid, withChildren: true }, ...(broker ? [{ name: 'Kafka', pid: broker.pid }] : [])],
  };
}

/** A connection of the benchmark's own, for users and for looking at the outbox. */
export async function connectTo({ host, port, name, username, password }: DatabaseSettings, started: StartedThings): Promise<Client> {
  const client = new Client({ host, port, database: name, user: username, password });
  client.on('error', () => undefined); // the statement in hand tells
  await client.connect();
  started.add({ stop: () => client.end() });
  return client;
}
