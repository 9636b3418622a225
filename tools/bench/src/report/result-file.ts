import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchmarkName, BenchOptions } from '../command-line.ts';
import type { Environment } from './environment.ts';

export interface ResultFile {
  readonly benchmark: BenchmarkName;
  readonly startedAt: string;
  readonly environment: Environment;
  readonly options: Omit<BenchOptions, 'results' | 'cpuProfiles' | 'benchmarks'>;
  readonly results: readonly unknown[];
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
}

/** @returns the file: `<folder>/<benchmark>-<date>.json` */
export async function writeResult(folder: string, result: ResultFile): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${result.benchmark.toLowerCase()}-${result.startedAt.slice(0, 10)}.json`);
  await writeFile(file, `${JSON.stringify(result, rounded, 1)}\n`);
  return file;
}

/** Microseconds, hundredths of a core: no figure here is worth more digits. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(3)) : value;
}
