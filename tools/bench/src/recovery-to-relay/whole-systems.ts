import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { localPorts, startEmbeddedPostgres, type DatabaseSettings } from '@rekey/local-stack';
import type { BenchContext } from '../bench-context.ts';
import { builtProgram } from '../system/checkout.ts';
import { notificationDatabase, recoveryDatabase, startLocalParts } from '../system/local-parts.ts';
import { NodeProgram } from '../system/node-program.ts';
import type { MeasuredProcess } from '../system/process-usage.ts';
import type { StartedThings } from '../system/started-things.ts';

/** Both services, ready for requests. */
export interface WholeSystem {
  readonly origin: string;
  readonly recovery: DatabaseSettings;
  readonly processes: readonly MeasuredProcess[];
}

/** What `npm start` runs, with the benchmark's relay instead of the mail catcher. */
export async function startEmbeddedSystem(context: BenchContext, home: string, deploymentFile: string, started: StartedThings): Promise<WholeSystem> {
  const ports = localPorts(context.offset);
  const recovery = await makeDatabases(home, ports.postgres);
  const rekey = new NodeProgram({ name: 'Rekey', command: [process.execPath, ...profileOption(context), builtProgram('standalone')], environment: { REKEY_HOME: home, REKEY_CONFIG: deploymentFile } });
  started.add(rekey);
  await rekey.untilPrinted('Rekey is ready');
  const postgres = Number.parseInt(await readFile(path.join(home, 'postgres/cluster/postmaster.pid'), 'utf8'), 10);
  return { origin: `http://127.0.0.1:${ports.http}`, recovery, processes: [{ name: 'Rekey', pid: rekey.pid }, { name: 'PostgreSQL', pid: postgres, withChildren: true }] };
}

/** So that the benchmark knows how to enter: the passwords stay the same when Rekey starts the same cluster. */
async function makeDatabases(home: string, port: number): Promise<DatabaseSettings> {
  const postgres = await startEmbeddedPostgres({ dataFolder: path.join(home, 'postgres'), port });
  try {
    for (const name of [recoveryDatabase, notificationDatabase]) await postgres.ensureDatabase(name);
    return postgres.settings(recoveryDatabase);
  } finally {
    await postgres.stop();
  }
}

/** Two services with a real broker between them, each a process; requests go straight to the recovery service. */
export async function startKafkaSystem(context: BenchContext, home: string, deploymentFile: string, started: StartedThings): Promise<WholeSystem> {
  const { ports, environment, recovery, processes } = await startLocalParts({ home, deploymentFile, offset: context.offset, kafka: true }, started);
  const service = (name: string, port: number): NodeProgram =>
    started.add(new NodeProgram({ name: `the ${name}`, command: [process.execPath, ...profileOption(context), builtProgram(name), '--port', String(port)], environment }));
  const recoveryService = service('recovery-service', ports.recoveryService);
  const notificationService = service('notification-service', ports.notificationService);
  await recoveryService.untilReady(`http://127.0.0.1:${ports.recoveryService}/health/ready`);
  await notificationService.untilReady(`http://127.0.0.1:${ports.notificationService}/health/ready`);
  return {
    origin: `http://127.0.0.1:${ports.recoveryService}`,
    recovery,
    processes: [{ name: 'recovery-service', pid: recoveryService.pid }, { name: 'notification-service', pid: notificationService.pid }, ...processes],
  };
}

function profileOption({ options }: BenchContext): string[] {
  return options.cpuProfiles === null ? [] : ['--cpu-prof', '--cpu-prof-dir', options.cpuProfiles];
}
