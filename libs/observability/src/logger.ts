import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { withoutSecretFields, withoutSecretTexts } from './redaction.ts';

export type { Logger } from 'pino';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof levels)[number];

export interface LoggerOptions {
  /** Default `REKEY_LOG_LEVEL`, else `info`. */
  readonly level?: string;
  /** One line of JSON per entry, or lines for people; default: people on a terminal, JSON elsewhere. */
  readonly format?: 'json' | 'pretty';
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
}

/**
 * Logs without secrets: fields that are named like one are censored at any depth, and what looks like one in any text (S43).
 * @param name the part that speaks: `recovery-service`, `notification-service`, …
 */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  // eslint-disable-next-line no-restricted-properties -- what is wrong with deployment.toml is logged too, before there is a configuration
  const wanted = options.level ?? (process.env['REKEY_LOG_LEVEL'] || 'info');
  const log = pino(
    {
      base: { name },
      level: isLevel(wanted) ? wanted : 'info',
      // Errors are serialized with everything else.
      serializers: { err: (error: unknown) => error },
      formatters: { log: withoutSecretFields },
      hooks: { streamWrite: formatOf(options) },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
  censorBindings(log);
  if (!isLevel(wanted)) log.warn(`no log level "${wanted}": expected one of ${levels.join(', ')} (REKEY_LOG_LEVEL); logging at info`);
  return log;
}

/** pino formats what an entry holds, but not what a child logger is given for all of its entries. Children inherit this. */
function censorBindings(log: Logger): void {
  const child = log.child as unknown as ChildOf; // generic in levels of one's own, which nobody has here
  const censoring: ChildOf = function (bindings, options) {
    return child.call(this, withoutSecretFields(bindings), options);
  };
  Object.assign(log, { child: censoring });
}

type ChildOf = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/** @returns what makes of a finished line the one that is written */
function formatOf({ format = process.stdout.isTTY ? 'pretty' : 'json', destination }: LoggerOptions): (line: string) => string {
  if (format === 'json') return withoutSecretTexts;
  const readable = prettyFactory({
    colorize: process.stdout.isTTY && destination === undefined,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,name',
    messageFormat: ({ name, msg }) => `${printable(name)}: ${printable(msg)}`,
  });
  return (line) => readable(withoutSecretTexts(line));
}

/** A message stays on its line and its terminal, whoever wrote what it quotes: control characters are shown as escapes. */
function printable(text: unknown): string {
  return (typeof text === 'string' ? text : '').replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isLevel(level: string): level is LogLevel {
  return (levels as readonly string[]).includes(level);
}
