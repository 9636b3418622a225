import type { Client } from 'pg';
import { backlogOf, type Backlog, type BacklogSample } from '../measure/backlog.ts';
import { machineClock } from '../measure/clock.ts';

const everyMs = 250;
const longestDrainMs = 120_000;

/** Looks at what the relay has not published yet. */
export function watchOutbox(database: Client): () => Promise<Backlog> {
  const startedAt = machineClock.now();
  const samples: BacklogSample[] = [];
  let ended = false;
  const looking = (async () => {
    while (!ended) {
      samples.push({ atSeconds: (machineClock.now() - startedAt) / 1_000, entries: await unpublished(database) });
      await machineClock.wait(everyMs);
    }
  })();
  looking.catch(() => undefined); // told to whoever waits for it, below
  return async () => {
    ended = true;
    await looking;
    return backlogOf(samples);
  };
}

/** Stands in for the outcomes that nobody reports here: without them the relay would publish everything again after a minute, in the midst of a later step. */
export async function confirmEverything(database: Client): Promise<void> {
  await database.query('UPDATE outbox SET confirmed_at = now() WHERE confirmed_at IS NULL');
}

/** So that a step does not begin with what the one before has left. @throws Error where the relay does not get there */
export async function untilOutboxIsEmpty(database: Client): Promise<void> {
  const deadline = machineClock.now() + longestDrainMs;
  while ((await unpublished(database)) > 0) {
    if (machineClock.now() > deadline) throw new Error(`the outbox was not worked off within ${longestDrainMs / 1_000} s`);
    await machineClock.wait(everyMs);
  }
}

async function unpublished(database: Client): Promise<number> {
  const { rows } = await database.query<{ entries: number }>('SELECT count(*)::int AS entries FROM outbox WHERE published_at IS NULL');
  return rows[0]?.entries ?? 0;
}
