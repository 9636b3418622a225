import type { BenchContext } from '../bench-context.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { figure, table } from '../report/table.ts';
import { StartedThings } from '../system/started-things.ts';
import { QueueUnderLoad, type MemoryOverTime } from './drain.ts';
import { MailFlow } from './mail-flow.ts';

export interface MemoryResult {
  readonly msPerMail: number;
  readonly queuedMails: number;
  readonly seconds: number;
  readonly megabytes: Spread;
  /** Of the last quarter beside that of the second, medians: what grows without end is above 1 however long it is watched. */
  readonly growth: number;
  readonly overTime: MemoryOverTime;
}

const slowness = [0, 50, 500];
/** Long enough for V8's heap to have found its size. */
const stepsLong = 12;

/** P7. What a worker takes of memory, once a second, with a long queue before it and relays that take their time. */
export async function memoryUnderLoad(context: BenchContext): Promise<MemoryResult[]> {
  const results: MemoryResult[] = [];
  for (const msPerMail of slowness) results.push(await memoryWith(context, msPerMail));
  return results;
}

async function memoryWith(context: BenchContext, msPerMail: number): Promise<MemoryResult> {
  const { memoryMails: queuedMails, seconds: step } = context.options;
  const seconds = step * stepsLong;
  const started = context.started.add(new StartedThings());
  try {
    const flow = started.add(await MailFlow.open(msPerMail));
    const queue = await QueueUnderLoad.start(context, `p7-${msPerMail}`, flow, started, { transport: 'embedded', mailsAtOnce: null });
    const overTime = await queue.memoryWhileSending(queuedMails, seconds);
    const megabytes = spreadOf(overTime.megabytes);
    const growth = quarter(overTime.megabytes, 3) / quarter(overTime.megabytes, 1);
    context.say(`P7  ${msPerMail} ms a mail: ${figure(overTime.perSecond, 0)} mails/s, ${figure(megabytes.median, 0)} MB, at most ${figure(megabytes.max, 0)}, growth ${figure(growth, 2)}`);
    return { msPerMail, queuedMails, seconds, megabytes, growth, overTime };
  } finally {
    await started.stop();
  }
}

function quarter(samples: readonly number[], which: number): number {
  const [from, to] = [which, which + 1].map((quarters) => Math.floor((quarters * samples.length) / 4)) as [number, number];
  return spreadOf(samples.slice(from, Math.max(from + 1, to))).median;
}

export function memoryTable(results: readonly MemoryResult[]): string {
  const rows = results.map(({ msPerMail, queuedMails, megabytes, growth, overTime }) => [`${msPerMail} ms a mail`, String(queuedMails), figure(overTime.perSecond, 0), figure(megabytes.median, 0), figure(megabytes.max, 0), figure(growth, 2)]);
  return table(['P7', 'queued mails', 'mails/s', 'MB, median', 'MB, at most', 'growth'], rows);
}
