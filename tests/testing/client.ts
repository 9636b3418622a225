import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SeparateServices } from './separate-services.ts';

/** What a client knows of what it asked for: it was done, it was not, or nobody told. */
export type Known = 'ok' | 'fail' | 'info';

export interface AskedRecovery {
  readonly address: string;
  readonly known: Known;
}

export interface AskedReset {
  readonly username: string;
  readonly key: string;
  /** One of this attempt alone. */
  readonly password: string;
  readonly known: Known;
}

/** What a client remembers, which the oracle holds the services to. */
export interface ClientHistory {
  readonly recoveries: readonly AskedRecovery[];
  readonly resets: readonly AskedReset[];
}

const patienceMs = 120_000;

/** Who asks for links and sets passwords while things break, asks again where nobody answers, and remembers what it was told. */
export class Client implements ClientHistory {
  readonly recoveries: AskedRecovery[] = [];
  readonly resets: AskedReset[] = [];
  /** How long each answer took that came, or each wait for one that did not. */
  readonly waitsMs: number[] = [];

  constructor(private readonly services: Pick<SeparateServices, 'recover' | 'setPassword'>) {}

  /** Asks once more, under the same key, until there is an answer: that is one request. @param firstAt whom it asks first */
  async recover(username: string, firstAt?: string): Promise<Known> {
    const key = randomUUID();
    const patientUntil = Date.now() + patienceMs;
    let known = await this.tried(() => this.services.recover(username, { key, ...(firstAt === undefined ? {} : { at: firstAt }) }), 202);
    while (known === 'info' && Date.now() < patientUntil) {
      await pause(100);
      known = await this.tried(() => this.services.recover(username, { key }), 202);
    }
    this.recoveries.push({ address: `${username}@example.com`, known });
    return known;
  }

  /** Once: whoever got no answer may have set it. */
  async setPassword(username: string, key: string, at?: string): Promise<Known> {
    const password = `a password of ${randomUUID()}`;
    const known = await this.tried(() => this.services.setPassword(key, password, at), 200);
    this.resets.push({ username, key, password, known });
    return known;
  }

  /** An error of the service, and a request still in hand, say as little as no answer does. */
  private async tried(ask: () => Promise<number>, done: number): Promise<Known> {
    const begunAt = performance.now();
    const status = await ask().catch(() => null);
    this.waitsMs.push(performance.now() - begunAt);
    if (status === null || status >= 500 || status === 409) return 'info';
    return status === done ? 'ok' : 'fail';
  }
}
