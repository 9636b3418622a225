import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { anSmtpSink } from '@rekey/test-kit';
import type { BenchContext } from '../bench-context.ts';
import type { Transport } from '../command-line.ts';
import { climbAndMeasure, ladderPlan, spreadOfRuns, type LadderResult } from '../load/ladder.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { runLoadStep, type LoadStep } from '../load/load-step.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { stepLine } from '../report/step-line.ts';
import { figure, spread, table } from '../report/table.ts';
import { builtProgram } from '../system/checkout.ts';
import { writeDeployment } from '../system/deployment-file.ts';
import { connectTo, startLocalParts, type LocalParts } from '../system/local-parts.ts';
import { NodeProgram } from '../system/node-program.ts';
import { serverSettings } from '../system/server-settings.ts';
import { StartedThings } from '../system/started-things.ts';
import { Users } from '../system/users.ts';
import { nextMessage } from '../system/next-message.ts';
import type { BareOrder, BareReport } from './bare-request-path.ts';
import { confirmEverything, untilOutboxIsEmpty, watchOutbox } from './outbox-backlog.ts';

type Door = 'http' | 'https';

export interface RecoverRequestsResult extends LadderResult<LoadStep> {
  readonly transport: Transport;
  readonly door: Door;
  readonly settings: Readonly<Record<string, string>>;
  readonly usersInDatabase: number;
  readonly limit: { readonly atOnce: number; readonly perSecond: Spread; readonly runs: readonly BareReport[] };
  /** The knee, as a share of the limit in the same run. */
  readonly kneeOfLimit: number;
}

const serviceName = 'recovery-service';
const bareAtOnce = 32;
const warmUpSeconds = 5;
const alone = fileURLToPath(new URL('../system/recovery-service-alone.js', import.meta.url));
const bare = fileURLToPath(new URL('bare-request-path.js', import.meta.url));

/**
 * P1. The recovery service has a process of its own, and no notification service runs: what is measured is HTTP, listener chain,
 * database, outbox and relay. Over the embedded bus a subscriber takes every event at once; over Kafka they stay in the topic.
 */
export async function recoverRequests(context: BenchContext, transport: Transport): Promise<RecoverRequestsResult[]> {
  const started = context.started.add(new StartedThings());
  try {
    const home = await context.folder(`p1-${transport}`, started);
    // The file must name a relay; nobody here sends to it.
    const sink = started.add(closing(await anSmtpSink({ keepRaw: false })));
    const deploymentFile = await writeDeployment(home, { offset: context.offset, relayPort: sink.port });
    context.say(`P1 ${transport}: starting PostgreSQL${transport === 'kafka' ? ', Kafka' : ''} and the recovery service`);
    const parts = await startLocalParts({ home, deploymentFile, offset: context.offset, kafka: transport === 'kafka' }, started);
    const { service, origins } = await startService(context, transport, parts);
    started.add(service);
    const database = await connectTo(parts.recovery, started);
    const users = new Users(database);
    await users.provide(context.options.users);
    const generator = started.add(await LoadGenerator.start());

    const results: RecoverRequestsResult[] = [];
    for (const [door, origin] of origins) {
      const processes = [{ name: serviceName, pid: service.pid }, ...parts.processes];
      const tryStep = async (ratePerSecond: number, seconds: number): Promise<LoadStep> => {
        const firstUser = await users.take(Math.round(ratePerSecond * seconds));
        const order = { origin, connections: context.options.connections, ratePerSecond, seconds, timeoutMs: 10_000, firstUser, keepTimes: false };
        const { step } = await runLoadStep(order, { generator, processes, p99BoundMs: context.options.p99BoundMs, watchBacklog: () => watchOutbox(database) });
        await untilOutboxIsEmpty(database);
        await confirmEverything(database);
        context.say(`P1 ${transport} ${door}  ${stepLine(step)}`);
        return step;
      };
      await tryStep(context.options.rateLadder[0] ?? 1, context.options.quick ? 1 : warmUpSeconds);
      const ladder = await climbAndMeasure(ladderPlan(context.options), tryStep);
      const limit = await bareLimit(context, parts);
      context.say(`P1 ${transport}: the bare request path does ${spread(limit.perSecond, 0)}/s`);
      results.push({ transport, door, settings: await serverSettings(database), usersInDatabase: users.population, ...ladder, limit, kneeOfLimit: ladder.kneePerSecond.median / limit.perSecond.median });
    }
    return results;
  } finally {
    await started.stop();
  }
}

async function startService({ options }: BenchContext, transport: Transport, { ports, environment }: LocalParts): Promise<{ service: NodeProgram; origins: [Door, string][] }> {
  const profile = options.cpuProfiles === null ? [] : ['--cpu-prof', '--cpu-prof-dir', options.cpuProfiles];
  const overKafka = [builtProgram('recovery-service'), '--port', String(ports.recoveryService)];
  const service = new NodeProgram({ name: 'the recovery service', command: [process.execPath, ...profile, ...(transport === 'kafka' ? overKafka : [alone])], environment });
  const origins: [Door, string][] =
    transport === 'kafka'
      ? [['http', `http://127.0.0.1:${ports.recoveryService}`]]
      : [
          ['http', `http://127.0.0.1:${ports.http}`],
          ['https', `https://localhost:${ports.https}`],
        ];
  try {
    await service.untilReady(`${origins[0]?.[1]}/health/ready`);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { service, origins };
}

/** While the service rests, in the same database. */
async function bareLimit({ options }: BenchContext, { environment }: LocalParts): Promise<RecoverRequestsResult['limit']> {
  const child = fork(bare, { env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const next = () => nextMessage<BareReport>(child, 'the bare request path');
    await next();
    const measure = async (order: BareOrder): Promise<BareReport> => {
      const report = next();
      child.send(order);
      return report;
    };
    await measure({ seconds: Math.min(2, options.seconds), atOnce: bareAtOnce });
    const runs: BareReport[] = [];
    for (let run = 0; run < options.runs; run++) runs.push(await measure({ seconds: options.seconds, atOnce: bareAtOnce }));
    return { atOnce: bareAtOnce, perSecond: spreadOf(runs.map(({ perSecond }) => perSecond)), runs };
  } finally {
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    if (child.exitCode === null && child.signalCode === null) await ended;
  }
}

function closing(sink: Awaited<ReturnType<typeof anSmtpSink>>): { readonly port: number; stop(): Promise<void> } {
  return { port: sink.port, stop: () => sink.close() };
}

export function recoverRequestsTable(results: readonly RecoverRequestsResult[]): string {
  const rows = results.map(({ transport, door, kneePerSecond, limit, kneeOfLimit, climbs, atHalfTheKnee }) => {
    const runs = atHalfTheKnee?.runs.map(({ latency }) => latency) ?? [];
    const latencies = runs.length === 0 ? ['–', '–'] : [spread(spreadOfRuns(runs, 'p50Ms')), spread(spreadOfRuns(runs, 'p99Ms'))];
    const cost = costs(atHalfTheKnee?.runs ?? climbs.map(([first]) => first).filter((step) => step !== undefined));
    return [`${transport}, ${door}`, spread(kneePerSecond, 0), spread(limit.perSecond, 0), figure(kneeOfLimit, 2), `${figure(atHalfTheKnee?.ratePerSecond ?? 0, 0)}/s`, ...latencies, cost];
  });
  return table(['P1', 'knee, requests/s', 'bare path, requests/s', 'of it', 'half the knee', 'p50 ms', 'p99 ms', 'service’s CPU ms/request'], rows);
}

/** Processor time of the recovery service for one request: less than latencies does it depend on what else the machine does. */
function costs(steps: readonly LoadStep[]): string {
  const each = steps.flatMap(({ achievedPerSecond, processes }) => processes.filter(({ name }) => name === serviceName).map(({ cores }) => (cores * 1_000) / achievedPerSecond));
  return each.length === 0 ? '–' : spread(spreadOf(each), 2);
}
