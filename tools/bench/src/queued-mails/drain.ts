import type { Client } from 'pg';
import type { BenchContext } from '../bench-context.ts';
import type { Transport } from '../command-line.ts';
import { DatabaseWatch, type DatabaseCosts } from '../system/database-costs.ts';
import { writeDeployment } from '../system/deployment-file.ts';
import { connectTo, startLocalParts, type LocalParts } from '../system/local-parts.ts';
import { UsageWatch, type ProcessUsage } from '../system/process-usage.ts';
import { serverSettings } from '../system/server-settings.ts';
import { StartedThings } from '../system/started-things.ts';
import type { MailFlow } from './mail-flow.ts';
import { aWorker, MailQueue } from './mail-queue.ts';

/** What came of one queue. */
export interface Drain {
  readonly workers: number;
  readonly mails: number;
  readonly perSecond: number;
  readonly duplicates: number;
  readonly connections: number;
  readonly processes: readonly ProcessUsage[];
  /** Of each mail. */
  readonly database: DatabaseCosts;
}

const patienceMs = 600_000;

/** A worker's memory while it is at work. */
export interface MemoryOverTime {
  readonly perSecond: number;
  /** Once a second. */
  readonly megabytes: readonly number[];
}

/** PostgreSQL with a queue, and workers that come when it is full. */
export class QueueUnderLoad {
  private constructor(
    private readonly context: BenchContext,
    readonly flow: MailFlow,
    private readonly transport: Transport,
    private readonly parts: LocalParts,
    private readonly database: Client,
    private readonly queue: MailQueue,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(context: BenchContext, name: string, flow: MailFlow, started: StartedThings, { transport, mailsAtOnce }: { readonly transport: Transport; readonly mailsAtOnce: number | null }): Promise<QueueUnderLoad> {
    const home = await context.folder(name, started);
    const deploymentFile = await writeDeployment(home, { offset: context.offset, relayPort: flow.port, mailsAtOnce });
    const parts = await startLocalParts({ home, deploymentFile, offset: context.offset, kafka: transport === 'kafka' }, started);
    const database = await connectTo(parts.notification, started);
    return new QueueUnderLoad(context, flow, transport, parts, database, new MailQueue(parts, database), await serverSettings(database));
  }

  /** Lets so many workers send the whole queue. @throws Error where a mail is lost */
  async drain(mails: number, workers: number): Promise<Drain> {
    const { flow, queue } = this;
    await this.fill(mails);
    const watch = await DatabaseWatch.begin(this.database);
    const drained = await this.released(workers, async (usage) => {
      const isDone = await flow.untilAllHave(mails, patienceMs);
      const processes = usage.stop();
      const { perSecond, duplicates, connections } = flow;
      if (!isDone) throw new Error(`${await queue.unsent()} of ${mails} mails have not come`);
      return { workers, mails, perSecond, duplicates, connections, processes };
    });
    return { ...drained, database: await watch.costs(mails) };
  }

  /** Lets one worker send for so many seconds, of a queue that may be longer. */
  async memoryWhileSending(mails: number, seconds: number): Promise<MemoryOverTime> {
    await this.fill(mails);
    return this.released(1, async (usage) => {
      await this.flow.untilAllHave(mails, seconds * 1_000);
      usage.stop();
      return { perSecond: this.flow.perSecond, megabytes: usage.memoryOf('worker 1') };
    });
  }

  /** While the relay is away. */
  private async fill(mails: number): Promise<void> {
    await this.flow.goAway();
    await this.queue.fill(mails);
    await this.flow.comeBack();
  }

  /** Starts the workers, and gives them the queue. */
  private async released<Result>(workers: number, measure: (usage: UsageWatch) => Promise<Result>): Promise<Result> {
    const { context, parts, transport } = this;
    const profile = context.options.cpuProfiles === null ? [] : ['--cpu-prof', '--cpu-prof-dir', context.options.cpuProfiles];
    const running = context.started.add(new StartedThings());
    try {
      const programs = await Promise.all(Array.from({ length: workers }, async () => aWorker(parts, transport, running, profile)));
      const usage = new UsageWatch([...programs.map(({ pid }, index) => ({ name: `worker ${index + 1}`, pid })), { name: 'the relay', pid: process.pid }, ...parts.processes]);
      await this.queue.release();
      return await measure(usage);
    } finally {
      await running.stop();
    }
  }
}
