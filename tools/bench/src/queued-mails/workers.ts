import type { BenchContext } from '../bench-context.ts';
import type { Transport } from '../command-line.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { figure, spread, table } from '../report/table.ts';
import { StartedThings } from '../system/started-things.ts';
import { QueueUnderLoad, type Drain } from './drain.ts';
import { MailFlow } from './mail-flow.ts';
import { costs } from './queued-mails.ts';

export interface WorkersResult {
  readonly transport: Transport;
  readonly settings: Readonly<Record<string, string>>;
  readonly msPerMail: number;
  readonly mailsAtOnce: number;
  readonly steps: readonly WorkersStep[];
}

export interface WorkersStep {
  readonly workers: number;
  readonly perSecond: Spread;
  /** Of as many times what one worker does. */
  readonly ofLinear: number;
  /** Of all that was measured, the relay too. */
  readonly cores: Spread;
  readonly runs: readonly Drain[];
}

const counts = [1, 2, 4];
const msPerMail = 50;
/** Of each worker: a relay's limit on connections, and few enough that the processor is not what is measured. */
const mailsAtOnce = 10;

/** P4. One queue, several workers, and a relay that takes its time for each mail. */
export async function severalWorkers(context: BenchContext, transport: Transport): Promise<WorkersResult> {
  const { runs, seconds } = context.options;
  const started = context.started.add(new StartedThings());
  try {
    const flow = started.add(await MailFlow.open(msPerMail));
    const queue = await QueueUnderLoad.start(context, `p4-${transport}`, flow, started, { transport, mailsAtOnce });
    const drains: Drain[] = [];
    for (let run = 0; run < runs; run++) {
      for (const workers of counts) {
        const drain = await queue.drain(Math.round((workers * seconds * mailsAtOnce * 1_000) / msPerMail), workers);
        drains.push(drain);
        context.say(`P4 ${transport}  ${workers} workers: ${figure(drain.perSecond, 0)} mails/s; ${costs(drain)}`);
      }
    }
    const of = (workers: number): Drain[] => drains.filter((drain) => drain.workers === workers);
    const alone = spreadOf(of(1).map(({ perSecond }) => perSecond)).median;
    const steps = counts.map((workers) => {
      const perSecond = spreadOf(of(workers).map((drain) => drain.perSecond));
      const cores = spreadOf(of(workers).map(({ processes }) => processes.reduce((sum, usage) => sum + usage.cores, 0)));
      return { workers, perSecond, ofLinear: perSecond.median / (workers * alone), cores, runs: of(workers) };
    });
    return { transport, settings: queue.settings, msPerMail, mailsAtOnce, steps };
  } finally {
    await started.stop();
  }
}

export function severalWorkersTable(results: readonly WorkersResult[]): string {
  return table(
    ['P4', 'workers', 'mails/s', 'of linear', 'cores in use'],
    results.flatMap(({ transport, steps }) => steps.map(({ workers, perSecond, ofLinear, cores }) => [transport, String(workers), spread(perSecond, 0), figure(ofLinear, 2), spread(cores)])),
  );
}
