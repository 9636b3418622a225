import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** Fields that may hold a secret: replaced wherever they stand in a log object, two levels deep. */
const secretFields = ['password', 'key', 'recoveryKey', 'code', 'secret', 'sealedSecret', 'authorization', 'cookie', 'privateKey'];

export interface LoggerOptions {
  /** pino's levels; default `REKEY_LOG_LEVEL`, else `info`. */
  readonly level?: string;
  /** One line of JSON per entry, or lines for people; default: people on a terminal, JSON elsewhere. */
  readonly format?: 'json' | 'pretty';
}

/** @param name the part that speaks: `recovery-service`, `notification-service`, … */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const level = options.level ?? 'info';
  const settings = {
    name,
    level,
    base: { name },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[secret]' },
  };
  const format = options.format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  if (format === 'json') return pino(settings);
  return pino(settings, pretty({ colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname,name', messageFormat: '{name}: {msg}', sync: true }));
}

/** `kim@example.org` → `k…@example.org`: enough for an operator to tell mails apart. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at <= 0 ? '…' : `${address.slice(0, 1)}…${address.slice(at)}`;
}
