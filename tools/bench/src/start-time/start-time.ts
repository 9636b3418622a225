import type { BenchContext } from '../bench-context.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { spread, table } from '../report/table.ts';
import { checkout } from '../system/checkout.ts';
import { writeStartDeployment } from '../system/deployment-file.ts';
import { StartedThings } from '../system/started-things.ts';
import { NodeProgram, type PrintedLine } from '../system/node-program.ts';

interface Start {
  readonly readyAfterMs: number;
  /** What was printed on the way, and when. */
  readonly lines: readonly PrintedLine[];
}

export interface StartTimeResult {
  readonly emptyFolder: { readonly readyAfterMs: Spread; readonly runs: readonly Start[] };
  readonly withData: { readonly readyAfterMs: Spread; readonly runs: readonly Start[] };
}

const ready = 'Rekey is ready';

/** P8. `npm start` on a checkout that is installed and built, as a newcomer types it: until it says that it is ready. */
export async function startTime(context: BenchContext): Promise<StartTimeResult> {
  const [fresh, again]: [Start[], Start[]] = [[], []];
  for (let run = 0; run < context.options.runs; run++) {
    const started = context.started.add(new StartedThings());
    const home = await context.folder('p8', started);
    const [first, second] = [await startOnce(context, home, started), await startOnce(context, home, started)];
    await started.stop();
    fresh.push(first);
    again.push(second);
    context.say(`P8  empty folder ${Math.round(first.readyAfterMs)} ms, with data ${Math.round(second.readyAfterMs)} ms`);
  }
  return { emptyFolder: summary(fresh), withData: summary(again) };
}

async function startOnce(context: BenchContext, home: string, started: StartedThings): Promise<Start> {
  const environment = { REKEY_HOME: home, REKEY_CONFIG: await writeStartDeployment(home, context.offset) };
  const program = started.add(new NodeProgram({ name: 'npm start', command: ['npm', 'start'], environment, cwd: checkout }));
  try {
    const { atMs } = await program.untilPrinted(ready);
    return { readyAfterMs: atMs, lines: program.lines.filter((line) => line.atMs <= atMs && line.text.trim() !== '') };
  } finally {
    await program.stop();
  }
}

function summary(runs: readonly Start[]): StartTimeResult['emptyFolder'] {
  return { readyAfterMs: spreadOf(runs.map(({ readyAfterMs }) => readyAfterMs)), runs };
}

export function startTimeTable({ emptyFolder, withData }: StartTimeResult): string {
  return table(
    ['P8', 'ready after ms'],
    [
      ['empty data folder', spread(emptyFolder.readyAfterMs, 0)],
      ['with data', spread(withData.readyAfterMs, 0)],
    ],
  );
}
