import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '@rekey/observability';

/** What MJML says of a template that it does not take. */
export interface MjmlFault {
  readonly line: number;
  readonly message: string;
  readonly tagName: string;
}

export type MjmlAnswer = { readonly kind: 'html'; readonly html: string } | { readonly kind: 'faulty'; readonly message: string; readonly fault: MjmlFault | null };

export interface MjmlThreadOptions {
  /** The module whose default export compiles. */
  readonly compiler?: string;
  /** For one template, with loading the compiler where it is the first. */
  readonly longestMs?: number;
  readonly heapMegabytes?: number;
}

/** Room for a busy machine: what can be saved compiles in well under a second. */
const longestCompilingMs = 30_000;
/** With nothing to do for so long it ends. */
const idleMs = 1_000;
const mostHeapMegabytes = 256;
const mjml = pathToFileURL(createRequire(import.meta.url).resolve('mjml')).href;

/** No fonts: MJML would have those it knows by name fetched from elsewhere, which tells others who reads our mails. */
const options = { validationLevel: 'strict', fonts: {}, ignoreIncludes: true };

/** As text, so that it is the same for a program that is built and for one that is run from its sources. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  const loaded = import(workerData.compiler);
  parentPort.on('message', async (source) => {
    try {
      const { html } = await (await loaded).default(source, workerData.options);
      parentPort.postMessage({ kind: 'html', html });
    } catch (error) {
      const { line, message, tagName } = error?.errors?.[0] ?? {};
      const fault = line === undefined || message === undefined || tagName === undefined ? null : { line: Number(line), message: String(message), tagName: String(tagName) };
      parentPort.postMessage({ kind: 'faulty', message: String(error?.message ?? error), fault });
    }
  });`;

/**
 * MJML in a thread of its own: with what it loads it takes 40 MB, which are given back when it ends, and while it compiles mails go on their way. It is there only
 * while there is something to compile, one template at a time: one that hangs it, or kills it, is the only one that is refused.
 */
export class MjmlThread {
  private worker: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private ending: NodeJS.Timeout | undefined;

  constructor(private readonly options: MjmlThreadOptions = {}) {}

  compile(source: string): Promise<MjmlAnswer> {
    const answer = this.last.then(() => this.ask(source));
    this.last = answer;
    return answer;
  }

  /** Never rejects. */
  private async ask(source: string): Promise<MjmlAnswer> {
    clearTimeout(this.ending);
    const worker = (this.worker ??= this.start());
    worker.ref(); // whoever waits for it is not to end before
    try {
      const answer = await this.answerOf(worker, source);
      worker.unref();
      this.ending = setTimeout(() => this.end(worker), idleMs).unref();
      return answer;
    } catch (error) {
      this.end(worker);
      return { kind: 'faulty', message: `it cannot be compiled: ${reasonOf(error)}`, fault: null };
    }
  }

  /** @throws Error where the thread dies over it, or none comes in time */
  private async answerOf(worker: Worker, source: string): Promise<MjmlAnswer> {
    const { longestMs = longestCompilingMs } = this.options;
    const over = new AbortController();
    const { signal } = over;
    worker.postMessage(source);
    try {
      const [answer] = (await Promise.race([
        once(worker, 'message', { signal }), // rejects with what kills the thread
        once(worker, 'exit', { signal }).then(() => fail('the compiler has ended')),
        pause(longestMs, undefined, { signal }).then(() => fail(`it takes longer than ${longestMs / 1_000} s`)),
      ])) as [MjmlAnswer];
      return answer;
    } finally {
      over.abort();
    }
  }

  private start(): Worker {
    const { compiler = mjml, heapMegabytes = mostHeapMegabytes } = this.options;
    const worker = new Worker(program, { eval: true, workerData: { compiler, options }, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } });
    // It may also die while nobody waits for it.
    return worker.on('error', () => undefined).on('exit', () => this.forget(worker));
  }

  private end(worker: Worker): void {
    this.forget(worker);
    void worker.terminate();
  }

  /** The next template has a new one. */
  private forget(worker: Worker): void {
    if (this.worker === worker) this.worker = null;
  }
}

function fail(reason: string): never {
  throw new Error(reason);
}

const thread = new MjmlThread();

export async function compileMjml(source: string): Promise<MjmlAnswer> {
  return thread.compile(source);
}
