import { hostname } from 'node:os';
import { RepeatingTask, type SqlExecutor } from '@rekey/messaging';
import { reasonOf, type Logger } from '@rekey/observability';
import type { RelayStanding } from './relay-lane.ts';
import { forgetWorker, writeRelayState } from './relay-state.ts';

const everyMs = 5_000;

export interface RelayReportsOptions {
  readonly log: Logger;
  /** Of all processes on all hosts none has the same. */
  readonly worker?: string;
}

/** Tells the other notification services, by the database, what this one knows of the relays: every few seconds, and at once where a circuit opens or closes. */
export class RelayReports {
  private readonly worker: string;
  private readonly writing: RepeatingTask;

  constructor(
    private readonly database: SqlExecutor,
    private readonly relays: { readonly standings: readonly RelayStanding[] },
    { log, worker = `${hostname()}/${process.pid}` }: RelayReportsOptions,
  ) {
    this.worker = worker;
    this.writing = new RepeatingTask(() => this.write(), { everyMs, onError: (error) => log.debug({ reason: reasonOf(error) }, 'the state of the relays could not be told') });
  }

  start(): void {
    this.writing.start();
  }

  /** Something has changed. */
  wake(): void {
    this.writing.wake();
  }

  /** Takes back what it told: it knows nothing more. */
  async stop(): Promise<void> {
    await this.writing.stop();
    await forgetWorker(this.database, this.worker).catch(() => undefined); // the others see that it is gone
  }

  private async write(): Promise<boolean> {
    await writeRelayState(this.database, this.worker, this.relays.standings);
    return false;
  }
}
