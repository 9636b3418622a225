import { setTimeout as pause } from 'node:timers/promises';
import { until } from './both-services.ts';
import { judge, type Judgement } from './oracle.ts';
import { SeparateServices } from './separate-services.ts';
import type { StartedProgram } from './started-program.ts';

export interface SoakOptions {
  /** The same one asks and breaks the same again, as far as processes let it. */
  readonly seed: number;
  readonly mails: number;
  /** How long workers are killed, stopped and started for, and requests come. */
  readonly seconds: number;
  readonly workers: number;
  /** Whether the leases of the dead run out by themselves, which takes half a minute; else their time is up when all are dead. */
  readonly patient: boolean;
  readonly log: (line: string) => void;
}

export interface SoakResult extends Judgement {
  readonly done: Readonly<Record<'killed' | 'stopped' | 'started' | 'inWindow', number>>;
  /** From the last fault until nothing was open any more. */
  readonly healedAfterSeconds: number;
}

const mostAtOnce = 10;

/**
 * Recoveries of many people, while notification services are killed, stopped and started at random: real processes, a real Kafka, PostgreSQL
 * and an SMTP dialogue. Ends with all of them healed, and the invariants looked at.
 */
export async function soak({ seed, mails, seconds, workers: count, patient, log }: SoakOptions): Promise<SoakResult> {
  const random = randomFrom(seed);
  const services = await SeparateServices.start({ delayMs: { dot: 25 } });
  try {
    const people = Array.from({ length: mails }, (_, index) => `soak${index}`);
    await inPortions(people, (username) => services.aUser(username));
    log(`${mails} people are there; seed ${seed}`);
    const workers = new Set(await Promise.all(Array.from({ length: count }, () => services.startNotificationService())));
    const done = { killed: 0, stopped: 0, started: count, inWindow: 0 };
    const inWindow = new Set<string>();

    let isAsking = true;
    const asking = askAll(services, people, seconds).finally(() => (isAsking = false));
    const breakOne = async (): Promise<void> => {
      const [victim] = [...workers].slice(Math.floor(random() * workers.size));
      const kind = workers.size < count && (workers.size === 0 || random() < 0.55) ? 'start' : random() < 0.6 ? 'kill' : 'stop';
      if (kind === 'start' || !victim) {
        workers.add(await services.startNotificationService());
        done.started++;
        return;
      }
      workers.delete(victim);
      await end(services, victim, kind, inWindow);
      done[kind === 'kill' ? 'killed' : 'stopped']++;
    };
    const endsAt = Date.now() + seconds * 1_000;
    while (isAsking || Date.now() < endsAt) {
      await pause(200 + random() * 1_000);
      await breakOne();
    }
    const accepted = await asking;

    if (!patient) {
      for (const worker of workers) await end(services, worker, 'kill', inWindow);
      workers.clear();
      await services.notificationDatabase.query(`UPDATE inbox SET lease_until = now() - interval '1 second' WHERE state = 'SENDING'`);
    }
    if (workers.size === 0) workers.add(await services.startNotificationService());
    const brokenUntil = Date.now();
    await until(async () => isDone(services, accepted.length), 'an end of all mails', 180_000);
    const healedAfterSeconds = (Date.now() - brokenUntil) / 1_000;
    done.inWindow = inWindow.size;
    return { ...(await judge({ accepted, inWindow, mails: services.sink.mails, notificationDatabase: services.notificationDatabase, recoveryDatabase: services.recoveryDatabase })), done, healedAfterSeconds };
  } finally {
    await services.stop();
  }
}

/** @returns the addresses of the accepted ones */
async function askAll(services: SeparateServices, people: readonly string[], seconds: number): Promise<string[]> {
  const accepted: string[] = [];
  const everyMs = (seconds * 1_000 * 0.8) / people.length;
  const begunAt = Date.now();
  await inPortions(people, async (username, index) => {
    const dueInMs = begunAt + index * everyMs - Date.now();
    if (dueInMs > 0) await pause(dueInMs);
    if ((await services.recover(username)) === 202) accepted.push(`${username}@example.com`);
  });
  return accepted;
}

/** Of those whose answer may be lost by this end, a second copy may come. */
async function end(services: SeparateServices, worker: StartedProgram, how: 'kill' | 'stop', inWindow: Set<string>): Promise<void> {
  await worker[how]();
  const handedOver = await services.notificationDatabase.query<{ id: string }>(`SELECT event_id AS id FROM inbox WHERE (state = 'SENDING' AND phase = 'data') OR state = 'UNCERTAIN'`);
  for (const { id } of handedOver) inWindow.add(id);
}

async function isDone(services: SeparateServices, expected: number): Promise<boolean> {
  const [row] = await services.notificationDatabase.query<{ all: number; open: number }>(`SELECT count(*)::integer AS all, count(*) FILTER (WHERE finished_at IS NULL)::integer AS open FROM inbox`);
  return row?.all === expected && row.open === 0;
}

async function inPortions<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: mostAtOnce }, async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as Item, index); // within its bounds
  }));
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
