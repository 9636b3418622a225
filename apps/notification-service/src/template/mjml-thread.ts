import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** What MJML says of a template that it does not take. */
export interface MjmlFault {
  readonly line: number;
  readonly message: string;
  readonly tagName: string;
}

export type MjmlAnswer = { readonly kind: 'html'; readonly html: string } | { readonly kind: 'faulty'; readonly message: string; readonly fault: MjmlFault | null };

/** With nothing to do for so long it ends. */
const idleMs = 1_000;
const mjml = pathToFileURL(createRequire(import.meta.url).resolve('mjml')).href;

/** No fonts: MJML would have those it knows by name fetched from elsewhere, which tells others who reads our mails. */
const options = { validationLevel: 'strict', fonts: {}, ignoreIncludes: true };

/** As text, so that it is the same for a program that is built and for one that is run from its sources. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  const loaded = import(workerData.mjml);
  parentPort.on('message', async ({ id, source }) => {
    try {
      const { html } = await (await loaded).default(source, workerData.options);
      parentPort.postMessage({ id, answer: { kind: 'html', html } });
    } catch (error) {
      const { line, message, tagName } = error.errors?.[0] ?? {};
      const fault = line === undefined || message === undefined || tagName === undefined ? null : { line: Number(line), message: String(message), tagName: String(tagName) };
      parentPort.postMessage({ id, answer: { kind: 'faulty', message: String(error.message), fault } });
    }
  });`;

/**
 * MJML in a thread of its own: with what it loads it takes 40 MB, which are given back when it ends, and while it compiles mails go on their way. It is there only
 * while there is something to compile.
 */
class MjmlThread {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, { readonly resolve: (answer: MjmlAnswer) => void; readonly reject: (error: Error) => void }>();
  private lastId = 0;
  private ending: NodeJS.Timeout | null = null;

  compile(source: string): Promise<MjmlAnswer> {
    if (this.ending) clearTimeout(this.ending);
    this.worker ??= this.start();
    this.worker.ref(); // whoever waits for it is not to end before
    const id = ++this.lastId;
    this.worker.postMessage({ id, source });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private start(): Worker {
    const worker = new Worker(program, { eval: true, workerData: { mjml, options }, execArgv: [] });
    worker.on('message', ({ id, answer }: { id: number; answer: MjmlAnswer }) => {
      this.waiting.get(id)?.resolve(answer);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.rest(worker);
    });
    worker.on('error', (error) => this.fail(worker, error));
    return worker;
  }

  private rest(worker: Worker): void {
    worker.unref();
    this.ending = setTimeout(() => {
      this.worker = null;
      void worker.terminate();
    }, idleMs).unref();
  }

  /** It has died; the next one begins anew. */
  private fail(worker: Worker, error: Error): void {
    if (this.worker === worker) this.worker = null;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

const thread = new MjmlThread();

/** @throws Error where the thread dies over it */
export async function compileMjml(source: string): Promise<MjmlAnswer> {
  return thread.compile(source);
}
