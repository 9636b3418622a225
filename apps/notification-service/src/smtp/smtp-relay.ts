import { setMaxListeners } from 'node:events';
import type { Logger } from '@rekey/observability';
import { AnsweringFamily } from './answering-family.ts';
import type { Mail } from './mail.ts';
import type { RelayRefusal, SendOutcome } from './smtp-outcome.ts';
import type { RelayAddress, SmtpTimeouts } from './relay-address.ts';
import { SmtpSession } from './smtp-session.ts';

export type { SendOutcome, SendResult, SmtpStage } from './smtp-outcome.ts';

export interface SmtpRelayOptions {
  /** Sessions kept open at most. */
  readonly connections: number;
  readonly log: Logger;
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** PEM; trusted beside those that Node.js knows. */
  readonly certificateAuthorities?: readonly string[];
}

export const standardTimeouts: SmtpTimeouts = { connectMs: 10_000, commandMs: 30_000, dataMs: 120_000 };
/** Relays limit both; a new session costs little beside what it then carries. */
const mailsPerSession = 500;
const idleMs = 10_000;
const closed: SendOutcome = { kind: 'retry', stage: 'send', reply: 'the connection to the relay was closed by this side', relay: null, dialogue: [] };

/** One mail relay, over sessions that are kept open from one mail to the next. */
export class SmtpRelay {
  private readonly timeouts: SmtpTimeouts;
  private readonly idle: { readonly session: SmtpSession; readonly timer: NodeJS.Timeout }[] = [];
  private readonly busy = new Set<SmtpSession>();
  private readonly family = new AnsweringFamily();
  private readonly ended = new AbortController();

  constructor(
    private readonly address: RelayAddress,
    private readonly options: SmtpRelayOptions,
  ) {
    this.timeouts = { ...standardTimeouts, ...options.timeouts };
    // Each session that is being opened listens: as many as there are mails, and a probe.
    setMaxListeners(0, this.ended.signal);
  }

  /**
   * Sends one mail; never throws.
   * @param onData awaited after the relay's 354 and before the first byte of the body; false withdraws the mail
   */
  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome> {
    for (;;) {
      if (this.isClosed) return closed;
      const session = this.takeIdle() ?? (await this.openSession());
      // Closed meanwhile: what it was opened for is no longer wanted, and why it could not be is no news of the relay.
      if (this.isClosed) {
        if (session instanceof SmtpSession) session.quit();
        return closed;
      }
      const outcome = session instanceof SmtpSession ? await this.sendOver(session, mail, onData) : session;
      // A kept connection that had died unnoticed: the relay never heard of the mail. Each try uses one up, so this ends.
      if (outcome.kind === 'stale') continue;
      return outcome;
    }
  }

  /** Whether it would take mails, as far as that shows without one: a session is opened, and kept for the next mail. @returns why not; null where it would */
  async probe(): Promise<RelayRefusal | null> {
    const session = await this.openSession();
    if (!(session instanceof SmtpSession)) return session;
    this.keep(session);
    return null;
  }

  /** Ends every session: idle ones politely, busy ones at once. */
  async close(): Promise<void> {
    this.ended.abort();
    for (const { session, timer } of this.idle.splice(0)) {
      clearTimeout(timer);
      session.quit();
    }
    for (const session of this.busy) session.close();
    return Promise.resolve();
  }

  private get isClosed(): boolean {
    return this.ended.signal.aborted;
  }

  private openSession(): ReturnType<typeof SmtpSession.open> {
    const { timeouts, options, family, ended } = this;
    return SmtpSession.open(this.address, { timeouts, certificateAuthorities: options.certificateAuthorities, family, ended: ended.signal });
  }

  private async sendOver(session: SmtpSession, mail: Mail, onData: () => Promise<boolean>): ReturnType<SmtpSession['send']> {
    this.busy.add(session);
    const outcome = await session.send(mail, onData);
    this.busy.delete(session);
    this.keep(session);
    return outcome;
  }

  /** The one used last: the others may then grow old and go. */
  private takeIdle(): SmtpSession | null {
    for (let kept = this.idle.pop(); kept; kept = this.idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.session.usable) return kept.session;
    }
    return null;
  }

  private keep(session: SmtpSession): void {
    if (!session.usable) return;
    if (this.isClosed || session.mailsSent >= mailsPerSession || this.idle.length >= this.options.connections) {
      session.quit();
      return;
    }
    const timer = setTimeout(() => {
      this.idle.splice(this.idle.findIndex((kept) => kept.session === session), 1);
      session.quit();
    }, idleMs);
    timer.unref();
    this.idle.push({ session, timer });
  }
}
