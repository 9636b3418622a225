import { stripVTControlCharacters } from 'node:util';

/** Who asks, and where answers go. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  error(text: string): void;
  /** Asks for a secret without showing it; null where there is nobody to ask. */
  askSecret(question: string): Promise<string | null>;
}

/** Words from elsewhere, such as a server's: they steer no terminal, turn no line around, and stay in theirs. */
export function inert(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '');
}

/** The same of every line that is said. */
export function inertTerminal({ environment, out, error, askSecret }: Terminal): Terminal {
  const linewise = (text: string) => text.replace(/[^\n]+/g, inert);
  return { environment, out: (text) => out(linewise(text)), error: (text) => error(linewise(text)), askSecret: async (question) => askSecret(linewise(question)) };
}

/** What a command cannot do, in one line for whoever asked. */
export class Fault extends Error {}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Everything it takes, as `--help` prints it. */
  readonly usage: string;
  /** @throws Fault, or another error whose message is one line for an operator */
  run(args: readonly string[], terminal: Terminal): Promise<void> | void;
}

/** Not by `instanceof Error`: Jest has an Error of its own. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
