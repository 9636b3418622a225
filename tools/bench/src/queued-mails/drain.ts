import type { BenchContext } from '../bench-context.ts';
import { writeDeployment } from '../system/deployment-file.ts';
import { connectTo, startLocalParts, type LocalParts } from '../system/local-parts.ts';
import type { NodeProgram } from '../system/node-program.ts';
import { UsageWatch, type ProcessUsage } from '../system/process-usage.ts';
import { serverSettings } from '../system/server-settings.ts';
import { StartedThings } from '../system/started-things.ts';
import type { MailFlow } from './mail-flow.ts';
import { aWorker, MailQueue, takesEvents } from './mail-queue.ts';

/** What came of one queue. */
export interface Drain {
  readonly workers: number;
  readonly mails: number;
  readonly perSecond: number;
  readonly duplicates: number;
  readonly connections: number;
  readonly processes: readonly ProcessUsage[];
}

const patienceMs = 600_000;

/** PostgreSQL with a queue, and workers that come when it is full. */
export class QueueUnderLoad {
  private constructor(
    private readonly context: BenchContext,
    readonly flow: MailFlow,
    private readonly parts: LocalParts,
    private readonly queue: MailQueue,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(context: BenchContext, name: string, flow: MailFlow, started: StartedThings, mailsAtOnce: number | null): Promise<QueueUnderLoad> {
    const home = await context.folder(name, started);
    const deploymentFile = await writeDeployment(home, { offset: context.offset, relayPort: flow.port, mailsAtOnce });
    const parts = await startLocalParts({ home, deploymentFile, offset: context.offset, kafka: false }, started);
    const database = await connectTo(parts.notification, started);
    return new QueueUnderLoad(context, flow, parts, new MailQueue(parts, database), await serverSettings(database));
  }

  /** Fills the queue while the relay is away, starts the workers, and releases it to them. @throws Error where a mail is lost */
  async drain(mails: number, workers: number): Promise<Drain> {
    const { flow, queue, parts, context } = this;
    await flow.goAway();
    await queue.fill(mails);
    await flow.comeBack();
    const profile = context.options.cpuProfiles === null ? [] : ['--cpu-prof', '--cpu-prof-dir', context.options.cpuProfiles];
    const running = context.started.add(new StartedThings());
    try {
      const programs: NodeProgram[] = Array.from({ length: workers }, () => running.add(aWorker(parts, profile)));
      for (const program of programs) await program.untilPrinted(takesEvents);
      const usage = new UsageWatch([...programs.map(({ pid }, index) => ({ name: `worker ${index + 1}`, pid })), { name: 'the relay', pid: process.pid }, ...parts.processes]);
      await queue.release();
      const isDone = await flow.untilAllHave(mails, patienceMs);
      const processes = usage.stop();
      const { perSecond, duplicates, connections } = flow;
      if (!isDone) throw new Error(`${await queue.unsent()} of ${mails} mails have not come`);
      return { workers, mails, perSecond, duplicates, connections, processes };
    } finally {
      await running.stop();
    }
  }
}
