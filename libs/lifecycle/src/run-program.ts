import type { Logger } from '@rekey/observability';

/** A started program. */
export interface Running {
  /** Ends it cleanly: finishes what is in hand, and everything it started. */
  stop(): Promise<void>;
}

/** After this long a clean end is given up (the protocol's 15 s for mails in hand, and some). */
const longestStopMs = 20_000;

/**
 * Runs one process from start to end: SIGINT and SIGTERM end it cleanly with exit code 0, a second one at once with 1. A start that
 * fails, and whatever nobody caught, is one line for an operator and exit code 1.
 * @param start gets `fail`, for faults after which the process should end and be started again
 */
export async function runProgram(log: Logger, start: (fail: (error: unknown) => void) => Promise<Running>): Promise<void> {
  let running: Running | null = null;
  let ending = false;

  const end = async (exitCode: number): Promise<void> => {
    if (ending) process.exit(1);
    ending = true;
    const impatience = setTimeout(() => {
      log.error(`not ended after ${longestStopMs / 1000} s: giving up`);
      process.exit(1);
    }, longestStopMs);
    try {
      await running?.stop();
    } catch (err) {
      log.error({ err }, 'did not end cleanly');
      exitCode = 1;
    }
    clearTimeout(impatience);
    process.exit(exitCode);
  };
  const fail = (error: unknown): void => {
    log.fatal(error instanceof Error && running === null ? error.message : { err: error }, running === null ? undefined : 'ending because of a fault');
    if (!ending) void end(1);
  };

  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));
  try {
    const started = await start(fail);
    running = started;
    // Told to stop while still starting: nothing may be left running.
    if (ending) await started.stop();
  } catch (error) {
    fail(error);
  }
}
