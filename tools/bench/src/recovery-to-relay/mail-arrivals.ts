import { anSmtpSink, type SmtpSink } from '@rekey/test-kit';
import type { Running } from '@rekey/lifecycle';
import { machineClock } from '../measure/clock.ts';
import { userOfAddress } from '../system/users.ts';

const everyMs = 50;

/** A mail relay that takes everything, and knows when it had each user's mail. It runs in the benchmark's process, on the machine's clock. */
export class MailArrivals implements Running {
  private readonly arrivedAt = new Map<number, number>();
  private readonly again = new Set<number>();
  private lastSizeBytes = 0;

  private constructor(private readonly sink: SmtpSink) {}

  static async listen(): Promise<MailArrivals> {
    const arrivals = new MailArrivals(
      await anSmtpSink({
        keepRaw: false,
        onMail: ({ envelope, sizeBytes }) => {
          arrivals.lastSizeBytes = sizeBytes;
          for (const address of envelope.to) arrivals.arrived(userOfAddress(address));
        },
      }),
    );
    return arrivals;
  }

  get port(): number {
    return this.sink.port;
  }

  get mailBytes(): number {
    return this.lastSizeBytes;
  }

  /** @returns when the user's first mail was there, milliseconds; null where none has come */
  of(user: number): number | null {
    return this.arrivedAt.get(user) ?? null;
  }

  /** How many of the users got more than one. */
  duplicatesAmong(users: readonly number[]): number {
    return users.filter((user) => this.again.has(user)).length;
  }

  /** Waits until every one of them has a mail, or for so long. */
  async untilAllHave(users: readonly number[], patienceMs: number): Promise<void> {
    const deadline = machineClock.now() + patienceMs;
    let missing = users.filter((user) => !this.arrivedAt.has(user));
    while (missing.length > 0 && machineClock.now() < deadline) {
      await machineClock.wait(everyMs);
      missing = missing.filter((user) => !this.arrivedAt.has(user));
    }
  }

  async stop(): Promise<void> {
    await this.sink.close();
  }

  private arrived(user: number | null): void {
    if (user === null) return;
    if (this.arrivedAt.has(user)) this.again.add(user);
    else this.arrivedAt.set(user, machineClock.now());
  }
}
