import { until } from '@rekey/test-kit';
import { Client } from './client.ts';
import { judge, type Judgement } from './oracle.ts';
import { SeparateServices, type SeparateServicesOptions } from './separate-services.ts';
import type { StartedProgram } from './started-program.ts';

const patienceMs = 180_000;

/** Separate services that are broken on purpose, a client that remembers what it was told meanwhile, and the oracle to look at them afterwards. */
export class UnderFaults {
  readonly client: Client;
  private readonly inWindow = new Set<string>();

  private constructor(readonly services: SeparateServices) {
    this.client = new Client(services);
  }

  static async start(options: SeparateServicesOptions): Promise<UnderFaults> {
    return new UnderFaults(await SeparateServices.start(options));
  }

  /** To be called at each fault that ends what a sender has in hand: of those mails whose answer may be lost by it, a second copy may come. */
  async noteHandedOver(): Promise<void> {
    for (const id of await this.handedOver()) this.inWindow.add(id);
  }

  /** How many mails were between the 354 and the 250 at a fault. */
  get inWindowCount(): number {
    return this.inWindow.size;
  }

  /** @param how SIGTERM or SIGKILL */
  async end(program: StartedProgram, how: 'stop' | 'kill'): Promise<void> {
    await program[how]();
    await this.noteHandedOver();
  }

  /** The leases of the dead end by the database's clock: where nobody else holds any, their time is up now. */
  async leasesRunOut(): Promise<void> {
    await this.services.notificationDatabase.query(`UPDATE inbox SET lease_until = now() - interval '1 second' WHERE state = 'SENDING'`);
    await this.services.notificationDatabase.query(`UPDATE inbox SET next_at = now() WHERE state IN ('PENDING', 'UNCERTAIN') AND next_at > now()`);
    for (const database of [this.services.notificationDatabase, this.services.recoveryDatabase]) await database.query(`UPDATE outbox SET claimed_until = NULL WHERE published_at IS NULL`);
    await this.requestsRunOut();
  }

  /** A request that is still in hand after two seconds is in a dead one's. */
  async requestsRunOut(): Promise<void> {
    await this.services.recoveryDatabase.query(`UPDATE idempotent_request SET held_until = now() - interval '1 second' WHERE answer IS NULL AND held_until < now() + interval '28 seconds'`);
  }

  /** Waits until nothing is open, everything is said, and whoever runs is ready. @returns seconds */
  async heals(patientMs = patienceMs): Promise<number> {
    const begunAt = performance.now();
    await until(async () => (await this.left()) === 0 && (await this.areReady()), Boolean, patientMs).catch(async (error: unknown) => {
      throw new Error(`${await this.left()} events have no end yet; what the services said last:\n${this.services.lastWords()}`, { cause: error });
    });
    return (performance.now() - begunAt) / 1_000;
  }

  /** @param healed whether `heals` has returned since the last fault */
  async judge(healed = true): Promise<Judgement> {
    const { services, client, inWindow } = this;
    return judge({
      history: client, inWindow, healed, mails: services.sink.mails, notificationDatabase: services.notificationDatabase, recoveryDatabase: services.recoveryDatabase, atRest: await services.atRest(),
      ...(healed ? { signsIn: async (username: string, password: string) => (await services.signIn(username, password)) === 200 } : {}),
    });
  }

  /** How many events have no end yet: mails that are open, what was asked and has not come in or brought no outcome, and outcomes that were not told. */
  async left(): Promise<number> {
    const count = async (database: 'notificationDatabase' | 'recoveryDatabase', sql: string): Promise<number> => (await this.services[database].query<{ n: number }>(sql))[0]?.n ?? 0;
    const unsaid = `SELECT count(*)::integer AS n FROM outbox WHERE published_at IS NULL OR (awaits_outcome AND confirmed_at IS NULL)`;
    const counts = [count('recoveryDatabase', unsaid), count('notificationDatabase', unsaid), count('notificationDatabase', `SELECT count(*)::integer AS n FROM inbox WHERE finished_at IS NULL`)];
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0);
  }

  private async areReady(): Promise<boolean> {
    const answers = await Promise.all(this.services.running.map((program) => isReady(program)));
    return answers.every(Boolean);
  }

  private async handedOver(): Promise<string[]> {
    const rows = await this.services.notificationDatabase.query<{ id: string }>(`SELECT event_id AS id FROM inbox WHERE (state = 'SENDING' AND phase = 'data') OR state = 'UNCERTAIN'`);
    return rows.map(({ id }) => id);
  }
}

/** Asks where it said that it listens. */
export async function isReady(program: StartedProgram): Promise<boolean> {
  const url = originOf(program);
  return url !== null && fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false);
}

/** Where it said that it listens; null where it has not. */
export function originOf(program: StartedProgram): string | null {
  return /(http:\/\/[\d.]+:\d+)(?:\/health\/ready)?"/.exec(program.output())?.[1] ?? null;
}
