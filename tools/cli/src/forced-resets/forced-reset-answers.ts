import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parsedAs, type Connection } from '../api/connection.ts';
import { Fault, inert, type Terminal } from '../terminal.ts';

const reasons = z.record(z.string(), z.number());
export const forcedReset = z.object({
  id: z.string(),
  state: z.enum(['queued', 'running', 'paused', 'done', 'cancelled']),
  filter: z.string().nullable(),
  total: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
  reasons: z.object({ failed: reasons, skipped: reasons }),
  startedBy: z.string(),
  createdAt: z.string(),
});
export type ForcedReset = z.output<typeof forcedReset>;

const everyMs = 1_000;

/** Prints how far it has come whenever that has changed, until it is over. @throws Fault where users failed, or it was cancelled */
export async function follow(first: ForcedReset, path: string, rekey: Connection, terminal: Terminal): Promise<void> {
  let [now, line] = [first, progressOf(first)];
  terminal.out(line);
  while (now.state !== 'done' && now.state !== 'cancelled') {
    await pause(everyMs);
    now = parsedAs(forcedReset, await rekey.ask(`${path}/${encodeURIComponent(now.id)}`), rekey);
    if (progressOf(now) !== line) terminal.out((line = progressOf(now)));
  }
  if (now.state === 'cancelled') throw new Fault('the forced reset was cancelled');
  if (now.failed > 0) throw new Fault(`${now.failed} users were not reset (${byReason(now.reasons.failed)})`);
}

export function progressOf({ state, total, done, failed, skipped, reasons: { failed: why, skipped: whyNot } }: ForcedReset): string {
  return `${state}: ${done + failed + skipped} of ${total}; ${done} done, ${failed} failed${inBrackets(why)}, ${skipped} skipped${inBrackets(whyNot)}\n`;
}

function inBrackets(users: ForcedReset['reasons']['failed']): string {
  return Object.keys(users).length === 0 ? '' : ` (${byReason(users)})`;
}

function byReason(users: ForcedReset['reasons']['failed']): string {
  return Object.entries(users).map(([reason, count]) => `${inert(reason)}: ${count}`).join(', ');
}
