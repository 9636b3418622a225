import type { BenchContext } from '../bench-context.ts';
import type { Transport } from '../command-line.ts';
import { climbAndMeasure, ladderPlan, spreadOfRuns, type LadderResult } from '../load/ladder.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { runLoadStep } from '../load/load-step.ts';
import type { Percentiles } from '../measure/histogram.ts';
import { stepLine } from '../report/step-line.ts';
import { figure, spread, table } from '../report/table.ts';
import { writeDeployment } from '../system/deployment-file.ts';
import { connectTo } from '../system/local-parts.ts';
import { serverSettings } from '../system/server-settings.ts';
import { StartedThings } from '../system/started-things.ts';
import { Users } from '../system/users.ts';
import { bareSmtp } from './bare-smtp.ts';
import { backlogOfMails, deliveryStep, type DeliveryStep } from './delivery-step.ts';
import { MailArrivals } from './mail-arrivals.ts';
import { startEmbeddedSystem, startKafkaSystem } from './whole-systems.ts';

export interface RecoveryToRelayResult extends LadderResult<DeliveryStep> {
  readonly transport: Transport;
  readonly settings: Readonly<Record<string, string>>;
  readonly usersInDatabase: number;
  readonly mailBytes: number;
  /** A mail over a kept connection to the same relay, one after another, with nothing before it. */
  readonly limit: readonly Percentiles[];
}

const warmUpSeconds = 5;
const bareMails = 1_000;

/** P2. Everything that `npm start`, or two services over Kafka, does for a request, up to the relay having the mail. */
export async function recoveryToRelay(context: BenchContext, transport: Transport): Promise<RecoveryToRelayResult> {
  const { options } = context;
  const started = context.started.add(new StartedThings());
  try {
    const home = await context.folder(`p2-${transport}`, started);
    const arrivals = started.add(await MailArrivals.listen());
    const deploymentFile = await writeDeployment(home, { offset: context.offset, relayPort: arrivals.port });
    context.say(`P2 ${transport}: starting ${transport === 'kafka' ? 'PostgreSQL, Kafka and both services' : 'Rekey'}`);
    const { origin, recovery, processes } = await (transport === 'kafka' ? startKafkaSystem : startEmbeddedSystem)(context, home, deploymentFile, started);
    const database = await connectTo(recovery, started);
    const users = new Users(database);
    await users.provide(options.users);
    const generator = started.add(await LoadGenerator.start());

    const tryStep = async (ratePerSecond: number, seconds: number): Promise<DeliveryStep> => {
      const firstUser = await users.take(Math.round(ratePerSecond * seconds));
      const order = { origin, connections: options.connections, ratePerSecond, seconds, timeoutMs: 10_000, firstUser, keepTimes: true };
      const watchBacklog = () => (report: Parameters<typeof backlogOfMails>[0]) => backlogOfMails(report, arrivals);
      const { step, report } = await runLoadStep(order, { generator, processes, p99BoundMs: options.p99BoundMs, watchBacklog });
      const delivered = deliveryStep(step, report.accepted, arrivals);
      context.say(`P2 ${transport}  ${stepLine(delivered)}; 202 to relay p50 ${figure(delivered.acceptedToRelay.p50Ms)} ms, p99 ${figure(delivered.acceptedToRelay.p99Ms)} ms`);
      return delivered;
    };
    await tryStep(options.rateLadder[0] ?? 1, options.quick ? 1 : warmUpSeconds);
    const ladder = await climbAndMeasure(ladderPlan(options), tryStep);
    const limit: Percentiles[] = [];
    for (let run = 0; run < options.runs; run++) limit.push(await bareSmtp(arrivals.port, arrivals.mailBytes, bareMails));
    return { transport, settings: await serverSettings(database), usersInDatabase: users.population, mailBytes: arrivals.mailBytes, ...ladder, limit };
  } finally {
    await started.stop();
  }
}

export function recoveryToRelayTable(results: readonly RecoveryToRelayResult[]): string {
  const rows = results.map(({ transport, kneePerSecond, atHalfTheKnee, limit }) => {
    const runs = atHalfTheKnee?.runs ?? [];
    const toRelay = runs.map(({ acceptedToRelay }) => acceptedToRelay);
    const figures = runs.length === 0 ? ['–', '–', '–'] : [spread(spreadOfRuns(toRelay, 'p50Ms')), spread(spreadOfRuns(toRelay, 'p99Ms')), spread(spreadOfRuns(runs.map(({ latency }) => latency), 'p99Ms'))];
    return [transport, spread(kneePerSecond, 0), `${figure(atHalfTheKnee?.ratePerSecond ?? 0, 0)}/s`, ...figures, spread(spreadOfRuns(limit, 'p50Ms'), 2)];
  });
  return table(['P2', 'knee, mails/s', 'half the knee', '202 to relay p50 ms', 'p99 ms', '202 p99 ms', 'bare SMTP p50 ms'], rows);
}
