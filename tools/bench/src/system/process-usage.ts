import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface MeasuredProcess {
  readonly name: string;
  readonly pid: number;
  /** Whether its children count as a part of it, as PostgreSQL's do. */
  readonly withChildren?: boolean;
}

/** Over a time. */
export interface ProcessUsage {
  readonly name: string;
  /** 1 is one core, all the time. */
  readonly cores: number;
  /** The most that was seen. What processes share (PostgreSQL's buffers) counts once. */
  readonly memoryMegabytes: number;
}

interface Reading {
  readonly cpuSeconds: number;
  readonly memoryMegabytes: number;
}

const everyMs = 1_000;

/** Watches processes from the moment it is made. Linux only: elsewhere nothing is reported. */
export class UsageWatch {
  private readonly startedAt = performance.now();
  private readonly before = new Map<string, Reading>();
  private readonly memory = new Map<string, number[]>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly processes: readonly MeasuredProcess[]) {
    for (const process of processes) {
      const reading = readingOf(process);
      if (reading) this.before.set(process.name, reading);
    }
    this.timer = setInterval(() => this.lookAtMemory(), everyMs).unref(); // a benchmark that fails may not come to stop it
    this.lookAtMemory();
  }

  /** @returns megabytes, once a second */
  memoryOf(name: string): readonly number[] {
    return this.memory.get(name) ?? [];
  }

  stop(): ProcessUsage[] {
    clearInterval(this.timer);
    this.lookAtMemory();
    const seconds = (performance.now() - this.startedAt) / 1_000;
    return this.processes.flatMap((process) => {
      const { name } = process;
      const [before, after] = [this.before.get(name), readingOf(process)];
      if (!before || !after) return [];
      return [{ name, cores: (after.cpuSeconds - before.cpuSeconds) / seconds, memoryMegabytes: Math.max(after.memoryMegabytes, ...this.memoryOf(name)) }];
    });
  }

  private lookAtMemory(): void {
    for (const process of this.processes) this.memory.set(process.name, [...this.memoryOf(process.name), readingOf(process)?.memoryMegabytes ?? 0]);
  }
}

/** @returns null where there is no such process, or no /proc */
function readingOf({ pid, withChildren = false }: MeasuredProcess): Reading | null {
  const own = cpuSecondsOf(pid);
  if (own === null) return null;
  const children = withChildren ? childrenOf(pid) : [];
  return { cpuSeconds: children.reduce((sum, child) => sum + (cpuSecondsOf(child) ?? 0), own), memoryMegabytes: memoryOf([pid, ...children]) };
}

function cpuSecondsOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) / ticksPerSecond() : null;
}

/** The fields of `/proc/<pid>/stat` behind the program's name, which may hold anything: the state is 0, the parent 1, user time 11, system time 12. */
function statOf(pid: number): readonly string[] | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  if (text !== null) return text.trim().split(' ').filter(Boolean).map(Number);
  return readdirSync('/proc').map(Number).filter((candidate) => Number.isInteger(candidate) && statOf(candidate)?.[1] === String(pid));
}

/** Resident memory; program text and PostgreSQL's buffers, which all of its processes share, once. (The kernel's own sum, `Pss`, costs milliseconds a look.) */
function memoryOf(pids: readonly number[]): number {
  const statuses = pids.map((pid) => read(`/proc/${pid}/status`) ?? '');
  const kilobytes = (field: string): number[] => statuses.map((status) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0));
  const own = kilobytes('RssAnon').reduce((sum, size) => sum + size, 0);
  return (own + Math.max(...kilobytes('RssFile')) + Math.max(...kilobytes('RssShmem'))) / 1_024;
}

let knownTicks: number | null = null;

function ticksPerSecond(): number {
  return (knownTicks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })));
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
