import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from './system/checkout.ts';

const benchmarkNames = ['P1', 'P2', 'P3', 'P4', 'P7', 'P8'] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

export const transports = ['embedded', 'kafka'] as const;
export type Transport = (typeof transports)[number];

export interface BenchOptions {
  readonly benchmarks: readonly BenchmarkName[];
  readonly transports: readonly Transport[];
  /** In the database before the first request; more are added where a run asks for more. */
  readonly users: number;
  /** Of one step. */
  readonly seconds: number;
  readonly queuedMails: number;
  /** Of a worker of P3; null: as many as by default. */
  readonly mailsAtOnce: number | null;
  /** Found by the worker of P7. */
  readonly memoryMails: number;
  readonly runs: number;
  /** A benchmark that takes longer is given up, and the next one begins. */
  readonly minutes: number;
  /** Requests per second, ascending. */
  readonly rateLadder: readonly number[];
  /** A step with a higher p99 is beyond the knee. */
  readonly p99BoundMs: number;
  readonly connections: number;
  /** Where the result files go. */
  readonly results: string;
  /** Where CPU profiles of the services go; null: none are taken. */
  readonly cpuProfiles: string | null;
  /** Only whether everything works: the figures mean nothing. */
  readonly quick: boolean;
}

export type CommandLine = { readonly kind: 'run'; readonly options: BenchOptions } | { readonly kind: 'help' } | { readonly kind: 'fault'; readonly message: string };

const usual = { users: 100_000, seconds: 10, queuedMails: 20_000, memoryMails: 50_000, runs: 3, rateLadder: [100, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500, 3_000, 4_000] };
const quick = { users: 1_000, seconds: 1, queuedMails: 500, memoryMails: 500, runs: 1, rateLadder: [20, 40] };

export const help = `
  npm run bench -- <benchmark> [options]

    P1    recovery requests per second through HTTP, listener chain, database and outbox: the knee, and latencies at half of it
    P2    from the 202 to the relay having the mail, at half the rate that everything together keeps up with
    P3    mails per second of one worker that finds a queue of them, beside what bare SMTP does
    P4    1, 2 and 4 workers on one queue, and a relay that takes 50 ms for each mail
    P7    a worker's memory, with 50,000 mails before it and relays that take 0, 50 and 500 ms for each
    P8    npm start to "Rekey is ready": an empty data folder, and one with data
    all   every one of them

    --transport embedded|kafka|both   default both; Kafka is left out where it cannot run
    --users N             users in the database, default ${usual.users}; each is asked for once
    --seconds N           length of one step, default ${usual.seconds}
    --queued-mails N      found by the worker of P3 and P7, default ${usual.queuedMails} and ${usual.memoryMails}
    --mails-at-once N     that it sends, default as shipped
    --minutes N           after which a benchmark is given up, default 45; the others are not
    --runs N              how often everything is repeated, default ${usual.runs}
    --rate-ladder a,b,c   requests per second, default ${usual.rateLadder.join(',')}
    --p99-bound-ms N      a step above it is beyond the knee, default 100
    --connections N       kept-alive connections of the load generator, default 64
    --results FOLDER      default docs/benchmarks
    --cpu-profile FOLDER  take CPU profiles of the services (for a look, not for figures)
    --quick               does everything once and briefly, to see that it works

  The load generator shares the machine with what it measures. docs/benchmarks.md tells the method.
`;

const argumentOptions = {
  transport: { type: 'string', default: 'both' },
  users: { type: 'string' },
  seconds: { type: 'string' },
  'queued-mails': { type: 'string' },
  'mails-at-once': { type: 'string' },
  runs: { type: 'string' },
  minutes: { type: 'string', default: '45' },
  'rate-ladder': { type: 'string' },
  'p99-bound-ms': { type: 'string', default: '100' },
  connections: { type: 'string', default: '64' },
  results: { type: 'string', default: path.join(checkout, 'docs/benchmarks') },
  'cpu-profile': { type: 'string' },
  quick: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** @param args what stands behind the program's name */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: argumentOptions, allowPositionals: true });
    if (values.help || positionals.length === 0) return { kind: 'help' };
    const defaults = values.quick ? quick : usual;
    const rateLadder = values['rate-ladder'] === undefined ? defaults.rateLadder : ladderOf(values['rate-ladder']);
    const options: BenchOptions = {
      benchmarks: benchmarksOf(positionals),
      transports: transportsOf(values.transport),
      users: values.users === undefined ? defaults.users : wholeNumber('users', values.users),
      seconds: values.seconds === undefined ? defaults.seconds : wholeNumber('seconds', values.seconds),
      queuedMails: values['queued-mails'] === undefined ? defaults.queuedMails : wholeNumber('queued-mails', values['queued-mails']),
      mailsAtOnce: values['mails-at-once'] === undefined ? null : wholeNumber('mails-at-once', values['mails-at-once']),
      memoryMails: values['queued-mails'] === undefined ? defaults.memoryMails : wholeNumber('queued-mails', values['queued-mails']),
      minutes: wholeNumber('minutes', values.minutes),
      runs: values.runs === undefined ? defaults.runs : wholeNumber('runs', values.runs),
      rateLadder,
      p99BoundMs: wholeNumber('p99-bound-ms', values['p99-bound-ms']),
      connections: wholeNumber('connections', values.connections),
      results: path.resolve(values.results),
      cpuProfiles: values['cpu-profile'] === undefined ? null : path.resolve(values['cpu-profile']),
      quick: values.quick,
    };
    return { kind: 'run', options };
  } catch (error) {
    const message = error instanceof Fault ? error.message : parsingFault(error);
    if (message === null) throw error;
    return { kind: 'fault', message };
  }
}

class Fault extends Error {}

/** @returns what `parseArgs` did not understand; null for any other error */
function parsingFault(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
  return String(error.code).startsWith('ERR_PARSE_ARGS') ? String(error.message) : null;
}

function benchmarksOf(names: readonly string[]): readonly BenchmarkName[] {
  if (names.some((name) => name.toLowerCase() === 'all')) return benchmarkNames;
  return names.map((name) => benchmarkNames.find((known) => known === name.toUpperCase()) ?? fault(`there is no benchmark "${name}": expected ${benchmarkNames.join(', ')} or all`));
}

function transportsOf(name: string): readonly Transport[] {
  if (name === 'both') return transports;
  return [transports.find((known) => known === name) ?? fault(`--transport must be embedded, kafka or both, not "${name}"`)];
}

function ladderOf(text: string): readonly number[] {
  const rates = text.split(',').map((rate) => wholeNumber('rate-ladder', rate.trim()));
  if (rates.some((rate, index) => rate <= (rates[index - 1] ?? 0))) fault(`--rate-ladder must ascend, not "${text}"`);
  return rates;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : fault(`--${name} must be a whole number above 0, not "${text}"`);
}

function fault(message: string): never {
  throw new Fault(message);
}
