import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../bench-context.ts';
import type { Transport } from '../command-line.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { figure, spread, table } from '../report/table.ts';
import { NodeProgram } from '../system/node-program.ts';
import { StartedThings } from '../system/started-things.ts';
import { QueueUnderLoad, type Drain } from './drain.ts';
import { MailFlow } from './mail-flow.ts';

export interface QueuedMailsResult {
  readonly transport: Transport;
  readonly settings: Readonly<Record<string, string>>;
  readonly mailBytes: number;
  readonly perSecond: Spread;
  readonly limit: { readonly connections: number; readonly perSecond: Spread };
  /** Of each run's limit, taken right behind it. */
  readonly ofLimit: Spread;
  readonly runs: readonly Drain[];
}

const bareSenders = fileURLToPath(new URL('bare-senders.js', import.meta.url));
const bareConnections = 20;

/** P3. A queue of mails that all are due, one worker with a process of its own, and a relay that takes everything at once. */
export async function queuedMails(context: BenchContext, transport: Transport): Promise<QueuedMailsResult> {
  const { runs, queuedMails: mails, mailsAtOnce } = context.options;
  const started = context.started.add(new StartedThings());
  try {
    const flow = started.add(await MailFlow.open());
    const queue = await QueueUnderLoad.start(context, `p3-${transport}`, flow, started, { transport, mailsAtOnce });
    const [drains, limits]: [Drain[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      const drain = await queue.drain(mails, 1);
      const limit = await bareLimit(flow, mails);
      drains.push(drain);
      limits.push(limit);
      context.say(`P3 ${transport}  ${figure(drain.perSecond, 0)} mails/s of ${flow.mailBytes} bytes, bare SMTP ${figure(limit, 0)}/s; ${costs(drain)}`);
    }
    const ofLimit = spreadOf(drains.map(({ perSecond }, run) => perSecond / (limits[run] ?? 1)));
    return { transport, settings: queue.settings, mailBytes: flow.mailBytes, perSecond: spreadOf(drains.map(({ perSecond }) => perSecond)), limit: { connections: bareConnections, perSecond: spreadOf(limits) }, ofLimit, runs: drains };
  } finally {
    await started.stop();
  }
}

/** As many bytes to the same relay. */
async function bareLimit(flow: MailFlow, mails: number): Promise<number> {
  const senders = new NodeProgram({ name: 'the bare senders', command: [process.execPath, bareSenders, String(flow.port), String(flow.mailBytes), String(mails), String(bareConnections)], environment: {} });
  try {
    const { text } = await senders.untilPrinted('sent per second');
    return Number(text.slice(text.indexOf(':') + 1));
  } finally {
    await senders.stop();
  }
}

/** Processor time and memory, of each process. */
export function costs({ processes, perSecond, database: { commits, walBytes, rowVersions, hotShare } }: Drain): string {
  const ofDatabase = `${figure(commits, 2)} transactions, ${figure(walBytes / 1_000, 1)} kB of its log and ${figure(rowVersions, 1)} row versions a mail, ${figure(hotShare, 2)} of them HOT`;
  return `${processes.map(({ name, cores, memoryMegabytes }) => `${name} ${figure((cores * 1_000) / perSecond, 2)} ms/mail, ${figure(memoryMegabytes, 0)} MB`).join('; ')}; ${ofDatabase}`;
}

export function queuedMailsTable(results: readonly QueuedMailsResult[]): string {
  const rows = results.map(({ transport, perSecond, limit, ofLimit, runs }) => {
    const ofWorker = runs.flatMap(({ processes, perSecond: rate }) => processes.slice(0, 1).map(({ cores, memoryMegabytes }) => ({ each: (cores * 1_000) / rate, memoryMegabytes })));
    return [transport, spread(perSecond, 0), spread(limit.perSecond, 0), spread(ofLimit, 2), spread(spreadOf(ofWorker.map(({ each }) => each)), 2), spread(spreadOf(ofWorker.map(({ memoryMegabytes }) => memoryMegabytes)), 0)];
  });
  return table(['P3', 'mails/s per worker', 'bare SMTP, mails/s', 'of it', 'worker’s CPU ms/mail', 'MB'], rows);
}
