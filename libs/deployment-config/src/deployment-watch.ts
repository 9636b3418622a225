import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { applicable, changedSections, sectionNames, type SectionUse } from './config-sections.ts';
import type { DeploymentConfig } from './deployment-config.ts';
import type { LoadedDeployment } from './load-deployment-config.ts';

export interface DeploymentWatchOptions {
  /** Those that `read` reads. */
  readonly files: readonly string[];
  /** Reads them whole. @throws Error with one line: file, line, column and what is wrong there */
  readonly read: () => LoadedDeployment;
  /** What the process started with. */
  readonly config: DeploymentConfig;
  /** Told already, at the start. */
  readonly warnings: readonly string[];
  readonly sections: SectionUse;
  /** Swaps to the next configuration at once. @throws Error with one line for an operator: then everything is as it was */
  readonly onChange: (next: DeploymentConfig, previous: DeploymentConfig) => Promise<void>;
  /** Told of a file that is in force from now on, whether much of it changed or nothing. */
  readonly onApplied?: (applied: LoadedDeployment) => void;
  /** Told of each reading of a changed file, or of one that was asked for. */
  readonly onRead?: (outcome: 'applied' | 'refused') => void;
  readonly log: { info(line: string): void; warn(line: string): void; error(line: string): void };
}

/** Network drives and mounted files do not always tell of a change. */
const pollMs = 1_000;
/** Editors and deployment tools write in several steps: read when so long nothing has happened, and at last after `longestSettleMs`. */
const settleMs = 50;
const longestSettleMs = 500;

/**
 * Keeps a running service at what its `deployment.toml` says. A changed file is read and checked whole; a valid one is swapped in, of an
 * invalid, half-written or missing one a line is logged, once, and what was read before stays in force.
 */
export class DeploymentWatch {
  private readonly files: readonly string[];
  private readonly watchers: FSWatcher[] = [];
  private readonly stopping = new AbortController();
  private poll: NodeJS.Timeout | null = null;
  private current: DeploymentConfig;
  private seen = '';
  private reading: Promise<void> | null = null;
  private mustRead = false;
  private lastFault: string | null = null;
  private lastWarnings: readonly string[];
  /** By a person, who waits for an answer. */
  private isAsked = false;

  constructor(private readonly options: DeploymentWatchOptions) {
    this.files = options.files.map((file) => resolve(file));
    this.current = options.config;
    this.lastWarnings = options.warnings;
  }

  /** Also takes what changed since the process read its configuration. */
  start(): void {
    for (const folder of new Set(this.files.map((file) => dirname(file)))) this.watchFolder(folder);
    this.poll = setInterval(() => this.look(), pollMs);
    this.poll.unref();
    this.look();
  }

  /** Reads the files now and applies them, whether they changed or not, and says what came of it: what SIGHUP asks for. */
  reload(): void {
    this.isAsked = true;
    this.readSoon();
  }

  /** Waits for the change in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.poll) clearInterval(this.poll);
    for (const watcher of this.watchers) watcher.close();
    await this.reading;
  }

  /** The folder, not the file: an editor puts another file in its place, and a deleted one may come back. */
  private watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, () => this.look());
      // The folder itself may go: looking now and then goes on.
      watcher.on('error', () => watcher.close());
      watcher.unref();
      this.watchers.push(watcher);
    } catch {
      // Cannot be watched: looking now and then has to do.
    }
  }

  private look(): void {
    if (this.fingerprint() !== this.seen) this.readSoon();
  }

  private readSoon(): void {
    if (this.stopping.signal.aborted) return;
    this.mustRead = true;
    this.reading ??= this.readUntilDone().finally(() => (this.reading = null));
  }

  private async readUntilDone(): Promise<void> {
    while (this.mustRead && !this.stopping.signal.aborted) {
      this.mustRead = false;
      await this.settled();
      await this.readOnce();
    }
  }

  private async settled(): Promise<void> {
    const deadline = Date.now() + longestSettleMs;
    do {
      this.seen = this.fingerprint();
      await pause(settleMs);
    } while (this.fingerprint() !== this.seen && Date.now() < deadline);
    this.seen = this.fingerprint();
  }

  private async readOnce(): Promise<void> {
    const { read, sections, onChange, onApplied, onRead, log } = this.options;
    try {
      for (const file of this.files) refuseEmpty(file);
      const loaded = read();
      const { config, warnings } = loaded;
      const next = applicable(config, this.current, sections);
      const changed = changedSections(sections.atRunTime, next, this.current);
      const pending = changedSections(sections.atStart, config, this.current);
      // Whoever asks may have changed a module that the file names.
      if (changed.length > 0 || this.isAsked) {
        await onChange(next, this.current);
        this.current = next;
      }
      onApplied?.(loaded);
      onRead?.('applied');
      this.report({ changed: sectionNames(changed), pending: sectionNames(pending), warnings });
    } catch (error) {
      onRead?.('refused');
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.lastFault || this.isAsked) log.error(`${fault}; what was read before stays in force`);
      this.lastFault = fault;
    }
    this.isAsked = false;
  }

  private report({ changed, pending, warnings }: { readonly changed: string; readonly pending: string; readonly warnings: readonly string[] }): void {
    const { log } = this.options;
    const lines = [...warnings, ...(pending === '' ? [] : [`${pending} changed: this counts from the next start on`])];
    for (const line of lines) if (!this.lastWarnings.includes(line)) log.warn(line);
    this.lastWarnings = lines;
    if (changed !== '') log.info(`the configuration was read again: ${changed} changed`);
    else if (this.lastFault !== null || this.isAsked) log.info('the configuration was read again, and says what is in force');
    this.lastFault = null;
  }

  /** Of what the files are, not of what is in them: reading waits until they have settled. */
  private fingerprint(): string {
    return this.files.map((file) => {
      try {
        const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
        return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
      } catch (error) {
        return String(error);
      }
    }).join(' ');
  }
}

/** Where a file is written anew it is empty for a moment, or for long where the writer is held up: read then, it would say that all defaults count. */
function refuseEmpty(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) throw new Error(`${file}:1:1: the file is empty, as one that is being written`);
}
