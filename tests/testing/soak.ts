import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@rekey/local-stack';
import { Footprint, type FootprintFigures } from './footprint.ts';
import type { Judgement } from './oracle.ts';
import { people, severalAtOnce } from './people.ts';
import { randomFrom } from './random.ts';
import type { StartedProgram } from './started-program.ts';
import { UnderFaults } from './under-faults.ts';

/** What may be broken: notification services, the recovery service that clients ask, the relay, PostgreSQL, Kafka. */
export type SoakVictim = 'worker' | 'recovery service' | 'relay' | 'postgres' | 'kafka';

export interface SoakOptions {
  /** The same one asks and breaks the same again, as far as processes let it. */
  readonly seed: number;
  readonly mails: number;
  /** How long things are broken for, and requests come. */
  readonly seconds: number;
  readonly workers: number;
  /** As often as it is named, so often one is chosen. */
  readonly victims: readonly SoakVictim[];
  /** The longest time between two faults. */
  readonly restSeconds: number;
  /** Whether the leases of the dead run out by themselves, which takes half a minute; else their time is up when all are dead. */
  readonly patient: boolean;
  readonly log: (line: string) => void;
}

export interface SoakResult extends Judgement {
  /** By what was done to whom. */
  readonly done: Readonly<Record<string, number>>;
  readonly inWindow: number;
  /** From the last fault until nothing was open any more. */
  readonly healedAfterSeconds: number;
  /** Of the two that nothing is done to. */
  readonly spared: Readonly<Record<'recoveryService' | 'notificationService', FootprintFigures>>;
}

const sampledEveryMs = 1_000;
const longestOutageMs = 5_000;

/**
 * Recoveries of many people, while services are killed, stopped and started at random, and what they stand on goes away and comes back: real processes, a real
 * Kafka, PostgreSQL and an SMTP dialogue. One service of each kind is spared, so that it can be seen what it has of the machine. Ends with all of them healed,
 * and the invariants looked at.
 */
export async function soak({ seed, mails, seconds, workers: count, victims, restSeconds, patient, log }: SoakOptions): Promise<SoakResult> {
  const random = randomFrom(seed);
  const under = await UnderFaults.start({ relay: { delayMs: { dot: 25 } }, ownPostgres: victims.includes('postgres') });
  const { services } = under;
  try {
    const usernames = await people(services, 'soak', mails);
    log(`${mails} people are there; seed ${seed}`);
    let [asked] = services.running as [StartedProgram]; // it was just started
    const sparedPort = await freePort();
    const spared = { recoveryService: await services.startRecoveryService(sparedPort), notificationService: await services.startNotificationService() };
    const footprints = { recoveryService: new Footprint(spared.recoveryService.pid), notificationService: new Footprint(spared.notificationService.pid) };
    const sampled = setInterval(() => void Promise.all(Object.values(footprints).map((footprint) => footprint.sample())).catch(() => undefined), sampledEveryMs);
    const workers = new Set(await Promise.all(Array.from({ length: count - 1 }, () => services.startNotificationService())));
    const done: Record<string, number> = {};

    let isAsking = true;
    const asking = askAll(under, usernames, seconds, `http://127.0.0.1:${sparedPort}`).finally(() => (isAsking = false));
    const outage = () => pause(random() * longestOutageMs);
    const breakOne: Record<SoakVictim, () => Promise<string>> = {
      worker: async () => {
        const [victim] = [...workers].slice(Math.floor(random() * workers.size));
        if (!victim || (workers.size < count - 1 && random() < 0.55)) {
          workers.add(await services.startNotificationService());
          return 'started';
        }
        workers.delete(victim);
        const how = random() < 0.6 ? 'kill' : 'stop';
        await under.end(victim, how);
        return how;
      },
      'recovery service': async () => {
        const how = random() < 0.6 ? 'kill' : 'stop';
        await asked[how]();
        asked = await services.startRecoveryService();
        return how;
      },
      relay: async () => {
        await under.noteHandedOver();
        await services.sink.pause();
        await under.noteHandedOver();
        await outage();
        await services.sink.resume();
        return 'away';
      },
      postgres: async () => {
        const how = random() < 0.5 ? 'fast' : 'immediate';
        await under.noteHandedOver();
        await services.postgres?.restart(how);
        await under.noteHandedOver();
        return how;
      },
      kafka: async () => {
        const how = random() < 0.5 ? 'kill' : 'stop';
        await services.endKafka(how);
        await outage();
        await services.startKafka();
        return how;
      },
    };
    const endsAt = Date.now() + seconds * 1_000;
    while (isAsking || Date.now() < endsAt) {
      await pause(200 + random() * 1_000 * restSeconds);
      const victim = victims[Math.floor(random() * victims.length)]!; // one of them
      const what = `${victim} ${await breakOne[victim]()}`;
      done[what] = (done[what] ?? 0) + 1;
      if (!patient) await under.requestsRunOut();
    }
    await asking;
    clearInterval(sampled);
    await Promise.all(Object.values(footprints).map((footprint) => footprint.sample()));

    if (!patient) {
      for (const worker of [...workers, spared.notificationService]) await under.end(worker, 'kill');
      await under.leasesRunOut();
      await services.startNotificationService();
    }
    const healedAfterSeconds = await under.heals();
    return { ...(await under.judge()), done, inWindow: under.inWindowCount, healedAfterSeconds, spared: { recoveryService: footprints.recoveryService.figures(), notificationService: footprints.notificationService.figures() } };
  } finally {
    await services.stop();
  }
}

/** Every other one asks the recovery service that is spared. */
async function askAll({ client }: UnderFaults, usernames: readonly string[], seconds: number, spared: string): Promise<void> {
  const everyMs = (seconds * 1_000 * 0.8) / usernames.length;
  const begunAt = Date.now();
  await severalAtOnce(usernames, async (username, index) => {
    const dueInMs = begunAt + index * everyMs - Date.now();
    if (dueInMs > 0) await pause(dueInMs);
    await client.recover(username, index % 2 === 0 ? undefined : spared);
  });
}
