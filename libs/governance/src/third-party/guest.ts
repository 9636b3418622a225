import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@rekey/observability';
import { logFailure } from '../chain/ask.ts';

const guests = new AsyncLocalStorage<string>();

/**
 * Code of a third party, so run that what it leaves behind can be told from what is ours.
 * @param name for the log
 */
export function asGuest<Args extends unknown[], Result>(name: string, run: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => guests.run(name, run, ...args);
}

/**
 * Asked where a process hears of what nobody caught: a rejected promise that nobody waits for, a throw in a timer.
 * @returns whether a third party left that behind; it has been logged with the name then, and is no reason to end
 */
export function isStray(thrown: unknown, log: Logger): boolean {
  const name = guests.getStore();
  if (name === undefined) return false;
  logFailure(log, { listener: name }, thrown, 'a listener left a fault to nobody: it should wait for what it starts, or catch it');
  return true;
}
