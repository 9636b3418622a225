import { domainOf } from '../smtp/envelope-address.ts';
import type { Mail } from '../smtp/mail.ts';
import { isBeforeTheMail, isRecipientTaken, type RelayRefusal, type SendOutcome } from '../smtp/smtp-outcome.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { RecentSends, type SendsSoFar } from './recent-sends.ts';
import { RelayCircuit } from './relay-circuit.ts';
import { RelayedDomains } from './relayed-domains.ts';
import { TokenBucket } from './token-bucket.ts';

export interface MailSending {
  /**
   * @param onData asked when the relay has said 354; where it says false, not a byte of the body goes out
   * @param putOffBy relays that put the mail off after its dot, once for each time
   */
  send(mail: Mail, onData: () => Promise<boolean>, putOffBy?: readonly string[]): Promise<SendOutcome>;
}

export interface Relay extends Pick<MailSending, 'send'> {
  /** Whether it would take mails, as far as that shows without one. @returns why not */
  probe(): Promise<RelayRefusal | null>;
}

export interface RelayInUse {
  readonly name: string;
  /** The lower is asked first. */
  readonly priority: number;
  /** Mails on their way to it at once, at most. */
  readonly connections: number;
  /** null: as many as it takes. */
  readonly mailsPerSecond: number | null;
  readonly sender: Relay;
}

/** What is known of a relay at this moment. */
export interface RelayStanding extends SendsSoFar {
  readonly relay: string;
  readonly circuit: 'closed' | 'open' | 'half-open';
  /** For how long it has been closed, or has not. */
  readonly forMs: number;
  readonly reason: string | null;
  readonly probeInMs: number | null;
  readonly inFlight: number;
}

/** One relay with its limits and its circuit. */
export class RelayLane {
  readonly circuit: RelayCircuit;
  busy = 0;
  /** Counts up with every mail of any lane: of lanes that are equal the one that rested longest is next. */
  usedAs = 0;
  private readonly limit: ConnectionLimit;
  private readonly bucket: TokenBucket | null;
  private readonly sends: RecentSends;
  private readonly domains: RelayedDomains;
  /** Whether it is being found out if it works again. A mail that it was given before, and that hangs, does not tell. */
  private isProbing = false;
  /** Whether it refused a mail for what is none of the mail's own: a connection alone does not tell that it takes them again. */
  private refusedMail = false;

  constructor(
    readonly relay: RelayInUse,
    private readonly nowMs: () => number,
  ) {
    this.circuit = new RelayCircuit(nowMs);
    this.limit = new ConnectionLimit(relay.connections, nowMs);
    this.sends = new RecentSends(nowMs);
    this.domains = new RelayedDomains(nowMs);
    this.bucket = relay.mailsPerSecond === null ? null : new TokenBucket(relay.mailsPerSecond, nowMs);
  }

  get name(): string {
    return this.relay.name;
  }

  get isClosed(): boolean {
    return this.circuit.openBecause === null;
  }

  /** How many more mails may be given to it now. */
  get room(): number {
    if (!this.isClosed) return this.refusedMail && this.isProbeDue ? 1 : 0;
    return this.withinLimits;
  }

  /** @returns whether this is news: that it takes no more connections than it has is none */
  refused({ stage, reply }: RelayRefusal): boolean {
    if (isBeforeTheMail(stage) && this.limit.refused(this.busy) && this.isClosed) return false;
    this.refusedMail = !isBeforeTheMail(stage);
    return this.circuit.refused(`${stage}: ${reply}`);
  }

  /** @returns whether this is news */
  worked(): boolean {
    this.limit.talked();
    return this.circuit.worked();
  }

  /** Where that is due, and needs no mail. @returns what it came to; undefined: it was not asked */
  async probe(): Promise<RelayRefusal | null | undefined> {
    if (this.refusedMail || !this.isProbeDue) return undefined;
    this.isProbing = true;
    try {
      const refusal = await this.relay.sender.probe();
      if (refusal === null) this.limit.lift();
      return refusal;
    } finally {
      this.isProbing = false;
    }
  }

  /** @returns why it is not worth asking for mails to this domain, where it does not deliver there; null: it may be asked */
  refusalOf(domain: string): string | null {
    return this.domains.refusalOf(domain);
  }

  /** The domains of which that is so now. */
  get refusedDomains(): readonly string[] {
    return this.domains.refusedLately;
  }

  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome> {
    const isProbe = !this.isClosed;
    this.isProbing ||= isProbe;
    this.busy++;
    this.bucket?.take();
    const begunMs = this.nowMs();
    try {
      const outcome = this.judged(mail, await this.relay.sender.send(mail, onData));
      if (outcome.kind !== 'withdrawn') this.sends.note(outcome.kind === 'sent', this.nowMs() - begunMs);
      return outcome;
    } finally {
      this.busy--;
      if (isProbe) this.isProbing = false;
    }
  }

  /** Where it does not deliver to that domain the mail is put off, for others to take. */
  private judged({ envelope: { to } }: Mail, outcome: SendOutcome): SendOutcome {
    const domain = domainOf(to);
    if (outcome.kind === 'relay-refused' && outcome.stage === 'rcpt' && this.domains.wasRefused(domain, outcome.reply)) return { ...outcome, kind: 'retry' };
    if (isRecipientTaken(outcome)) this.domains.took(domain);
    return outcome;
  }

  get standing(): RelayStanding {
    const { openBecause: reason, probeInMs, forMs } = this.circuit;
    const circuit = reason === null ? 'closed' : this.isProbing || probeInMs === 0 ? 'half-open' : 'open';
    return { relay: this.name, circuit, forMs, reason, probeInMs, inFlight: this.busy, ...this.sends.soFar };
  }

  private get isProbeDue(): boolean {
    return this.circuit.isProbeDue && !this.isProbing && this.withinLimits > 0;
  }

  private get withinLimits(): number {
    return Math.max(0, Math.min(this.limit.allowed - this.busy, this.bucket?.available ?? Infinity));
  }
}
