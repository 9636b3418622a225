import type { Running } from '@rekey/lifecycle';
import { anSmtpSink, type SmtpSink } from '@rekey/test-kit';
import { machineClock } from '../measure/clock.ts';

/** A mail relay that takes everything and knows when: it may be away, and take its time for each mail. It runs in the benchmark's process. */
export class MailFlow implements Running {
  private arrivedAt: number[] = [];
  private readonly recipients = new Set<string>();
  private lastSizeBytes = 0;

  private constructor(private readonly sink: SmtpSink) {}

  /** @param msPerMail between the closing dot and the answer to it */
  static async open(msPerMail = 0): Promise<MailFlow> {
    const flow: MailFlow = new MailFlow(
      await anSmtpSink({
        keepRaw: false,
        delayMs: { dot: msPerMail },
        onMail: ({ envelope, sizeBytes }) => {
          flow.lastSizeBytes = sizeBytes;
          flow.arrivedAt.push(machineClock.now());
          for (const address of envelope.to) flow.recipients.add(address);
        },
      }),
    );
    return flow;
  }

  get port(): number {
    return this.sink.port;
  }

  get mailBytes(): number {
    return this.lastSizeBytes;
  }

  get connections(): number {
    return this.sink.openConnections;
  }

  async goAway(): Promise<void> {
    await this.sink.pause();
  }

  /** With nothing remembered. */
  async comeBack(): Promise<void> {
    this.sink.mails.length = 0;
    this.arrivedAt = [];
    this.recipients.clear();
    await this.sink.resume();
  }

  /** @returns whether as many people have one in time */
  async untilAllHave(mails: number, patienceMs: number): Promise<boolean> {
    const deadline = machineClock.now() + patienceMs;
    while (this.recipients.size < mails && machineClock.now() < deadline) await machineClock.wait(50);
    return this.recipients.size >= mails;
  }

  /** Mails beyond one for each person. */
  get duplicates(): number {
    return this.arrivedAt.length - this.recipients.size;
  }

  /** From the first mail to the last, but that the slow start and the last few, when slots stay empty, do not count: the middle nine tenths. */
  get perSecond(): number {
    const [from, to] = [Math.floor(this.arrivedAt.length * 0.05), Math.floor(this.arrivedAt.length * 0.95)];
    const [first = 0, last = 0] = [this.arrivedAt[from], this.arrivedAt[to]];
    return ((to - from) * 1_000) / (last - first);
  }

  async stop(): Promise<void> {
    await this.sink.close();
  }
}
