import type { Logger } from './logger.ts';

/** What Nest asks of a logger (its `LoggerService`). */
type NestLog = Record<'log' | 'debug' | 'verbose' | 'warn' | 'error' | 'fatal', (message: unknown) => void>;

/** Nest's own words in a service's log; its start-up chatter is for debugging only. */
export function nestLog(log: Logger): NestLog {
  return {
    log: (message) => log.debug(String(message)),
    debug: (message) => log.debug(String(message)),
    verbose: (message) => log.trace(String(message)),
    warn: (message) => log.warn(String(message)),
    error: (message) => log.error(String(message)),
    fatal: (message) => log.fatal(String(message)),
  };
}
