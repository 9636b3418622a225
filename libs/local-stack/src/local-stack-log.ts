/** What the local stack tells while it starts and stops. A pino logger is one, and so is `console`. */
export interface LocalStackLog {
  info(message: string): void;
  error(message: string): void;
}

export const silent: LocalStackLog = { info: () => {}, error: () => {} };
