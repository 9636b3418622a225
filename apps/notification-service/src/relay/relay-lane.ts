import type { Mail } from '../smtp/mail.ts';
import type { SendOutcome } from '../smtp/smtp-outcome.ts';
import { RelayCircuit } from './relay-circuit.ts';
import { TokenBucket } from './token-bucket.ts';

export interface MailSending {
  /** @param onData asked when the relay has said 354; where it says false, not a byte of the body goes out */
  send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome>;
}

export interface RelayInUse {
  readonly name: string;
  /** The lower is asked first. */
  readonly priority: number;
  /** Mails on their way to it at once, at most. */
  readonly connections: number;
  /** null: as many as it takes. */
  readonly mailsPerSecond: number | null;
  readonly sender: MailSending;
}

/** One relay with its limits and its circuit. */
export class RelayLane {
  readonly circuit: RelayCircuit;
  busy = 0;
  /** Counts up with every mail of any lane: of lanes that are equal the one that rested longest is next. */
  usedAs = 0;
  private readonly bucket: TokenBucket | null;
  /** Whether a mail is on its way that is to tell if it works again. One that it was given before, and that hangs, is none. */
  private isProbing = false;

  constructor(
    readonly relay: RelayInUse,
    nowMs: () => number,
  ) {
    this.circuit = new RelayCircuit(nowMs);
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
    if (!this.isClosed) return this.isProbeDue ? 1 : 0;
    return this.withinLimits;
  }

  get isProbeDue(): boolean {
    return this.circuit.isProbeDue && !this.isProbing && this.withinLimits > 0;
  }

  async send(mail: Mail, onData: () => Promise<boolean>): Promise<SendOutcome> {
    const isProbe = !this.isClosed;
    this.isProbing ||= isProbe;
    this.busy++;
    this.bucket?.take();
    try {
      return await this.relay.sender.send(mail, onData);
    } finally {
      this.busy--;
      if (isProbe) this.isProbing = false;
    }
  }

  private get withinLimits(): number {
    return Math.max(0, Math.min(this.relay.connections - this.busy, this.bucket?.available ?? Infinity));
  }
}
