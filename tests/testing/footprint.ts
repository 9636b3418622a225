import { readdir, readFile } from 'node:fs/promises';

interface Sample {
  readonly atMinutes: number;
  readonly rssMb: number;
  readonly files: number;
  readonly cpuSeconds: number;
}

export interface FootprintFigures {
  readonly rssMb: number;
  /** What the memory grows by, over the second half of the time: by then all that is loaded once is. */
  readonly rssSlopeMbPerMinute: number;
  readonly files: number;
  readonly mostFiles: number;
  /** Of one core. */
  readonly cpuPercent: number;
}

const ticksPerSecond = 100;

/** What a process has of the machine, as /proc tells: memory, open files, processor time. */
export class Footprint {
  private readonly samples: Sample[] = [];

  constructor(private readonly pid: number) {}

  async sample(): Promise<void> {
    const [status, files, stat] = await Promise.all([readFile(`/proc/${this.pid}/status`, 'utf8'), readdir(`/proc/${this.pid}/fd`), readFile(`/proc/${this.pid}/stat`, 'utf8')]);
    // After the name in parentheses, which may hold anything: the 12th and 13th of the rest are the ticks in user and system mode.
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
    this.samples.push({ atMinutes: performance.now() / 60_000, rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024, files: files.length, cpuSeconds: (user + system) / ticksPerSecond });
  }

  /** @throws TypeError before the second sample */
  figures(): FootprintFigures {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || first === last) throw new TypeError('a footprint needs two samples');
    const cpuPercent = ((last.cpuSeconds - first.cpuSeconds) / ((last.atMinutes - first.atMinutes) * 60)) * 100;
    return { rssMb: rounded(last.rssMb), rssSlopeMbPerMinute: rounded(slope(this.samples.slice(Math.floor(this.samples.length / 2)))), files: last.files, mostFiles: Math.max(...this.samples.map(({ files }) => files)), cpuPercent: rounded(cpuPercent) };
  }
}

/** Least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [meanAt, meanRss] = [mean(({ atMinutes }) => atMinutes), mean(({ rssMb }) => rssMb)];
  const spread = samples.reduce((sum, { atMinutes }) => sum + (atMinutes - meanAt) ** 2, 0);
  return spread === 0 ? 0 : samples.reduce((sum, { atMinutes, rssMb }) => sum + (atMinutes - meanAt) * (rssMb - meanRss), 0) / spread;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
