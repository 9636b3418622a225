import type { Logger } from '@rekey/observability';

/** A started program. */
export interface Running {
  /** Ends it cleanly: finishes what is in hand, and everything it started. */
  stop(): Promise<void>;
  /** Reads its configuration again, at a SIGHUP. */
  reload?(): void;
}

export interface StartContext {
  /** For faults after which the process should end and be started again; of no effect once it is ending. */
  readonly fail: (error: unknown) => void;
  /** Aborted when the process was told to end while still starting: what has been started so far is to be stopped. */
  readonly ending: AbortSignal;
}

export interface RunOptions {
  /** After this long a clean end is given up; default 20 s (the protocol's 15 s for mails in hand, and some). */
  readonly longestStopMs?: number;
  /** Asked about what nobody caught, in the asynchronous context where it was thrown. @returns whether the process can go on all the same */
  readonly survives?: (thrown: unknown) => boolean;
}

const keepAliveMs = 3_600_000;

/**
 * Runs one process from start to end: SIGINT and SIGTERM end it cleanly with exit code 0, a second one at once with 1; at a SIGHUP it reads
 * its configuration again, or ends cleanly where it has none to read (and, while starting, it is about to read it anyway). A start that
 * fails, and whatever nobody caught, is one line for an operator and exit code 1.
 */
export async function runProgram(log: Logger, start: (context: StartContext) => Promise<Running>, { longestStopMs = 20_000, survives = () => false }: RunOptions = {}): Promise<void> {
  let running: Running | null = null;
  const ending = new AbortController();
  // It runs until told to end, also where all it has are processes of its own, which Node does not wait for.
  setInterval(() => undefined, keepAliveMs);

  const end = async (exitCode: number): Promise<void> => {
    if (ending.signal.aborted) process.exit(1);
    ending.abort();
    const impatience = setTimeout(() => {
      log.error(`not ended after ${longestStopMs / 1000} s: giving up`);
      process.exit(1);
    }, longestStopMs);
    try {
      // Told to stop while still starting: nothing may be left running.
      await starting;
      await running?.stop();
    } catch (err) {
      log.error({ err }, 'did not end cleanly');
      exitCode = 1;
    }
    await flushed(process.stdout);
    clearTimeout(impatience);
    process.exit(exitCode);
  };
  const fail = (error: unknown): void => {
    log.fatal(error instanceof Error && running === null ? error.message : { err: error }, running === null ? undefined : 'ending because of a fault');
    if (!ending.signal.aborted) void end(1);
  };

  const failUnlessSurvived = (thrown: unknown): void => {
    if (!survives(thrown)) fail(thrown);
  };
  process.on('uncaughtException', failUnlessSurvived);
  process.on('unhandledRejection', failUnlessSurvived);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));
  process.on('SIGHUP', () => {
    if (running?.reload) running.reload();
    else if (running) void end(0);
  });
  const failUnlessEnding = (error: unknown): void => {
    if (!ending.signal.aborted) fail(error);
  };
  // Begun one turn later, so that there is a start to wait for whatever it does first.
  const starting = Promise.resolve()
    .then(() => start({ fail: failUnlessEnding, ending: ending.signal }))
    .then((started) => {
      running = started;
    }, failUnlessEnding);
  await starting;
}

/** `process.exit` does not wait for what is still on its way into a pipe. */
async function flushed(output: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => output.write('', () => resolve()));
}
