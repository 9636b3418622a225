import { TokenBucket } from '../relay/token-bucket.ts';

export interface DomainLimitsOptions {
  /** Mails on their way to addresses of one domain, at most. */
  readonly concurrency: number;
  /** Default 0: mails to addresses of one domain that wait for a slot in this process, at most. */
  readonly ahead?: number;
  /** null: as many as the relays take. */
  readonly mailsPerSecond: number | null;
}

/** How many more mails a claim may take for each domain. */
export interface DomainRoom {
  /** For every domain that is not named; null: no limit. */
  readonly usual: number | null;
  readonly of: ReadonlyMap<string, number>;
}

/** So that the mails of one domain, whose server hangs, never take all slots, and none is sent more than it takes. */
export class DomainLimits {
  private readonly started = new Map<string, number>();
  /** Taken, and not on their way yet. */
  private readonly held = new Map<string, number>();
  /** Of domains that were sent something of late: those that are full again say nothing and are forgotten. */
  private readonly buckets = new Map<string, TokenBucket>();

  /** @param nowMs a clock that never steps back */
  constructor(
    private readonly options: DomainLimitsOptions,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  hold(domain: string | null): void {
    count(this.held, domain, 1);
  }

  letGo(domain: string | null): void {
    count(this.held, domain, -1);
  }

  mayBegin(domain: string | null): boolean {
    return domain === null || (this.started.get(domain) ?? 0) < this.options.concurrency;
  }

  begin(domain: string | null): void {
    count(this.started, domain, 1);
    if (domain !== null) this.bucketOf(domain)?.take();
  }

  end(domain: string | null): void {
    count(this.started, domain, -1);
  }

  /**
   * @param mostAhead mails of one domain that may wait for a slot now, if fewer than otherwise
   * @param atRelays how many more the relays take for some domains
   */
  room(mostAhead = Infinity, atRelays: ReadonlyMap<string, number> = new Map()): DomainRoom {
    for (const [domain, bucket] of this.buckets) if (bucket.isFull) this.buckets.delete(domain);
    const named = new Set([...this.started.keys(), ...this.held.keys(), ...this.buckets.keys(), ...atRelays.keys()]);
    return { usual: this.roomOf(null, mostAhead), of: new Map([...named].map((domain) => [domain, this.roomOf(domain, mostAhead, atRelays.get(domain))])) };
  }

  /** @param domain null: one of which nothing is known */
  private roomOf(domain: string | null, mostAhead: number, atRelays = Infinity): number {
    const { concurrency, ahead = 0, mailsPerSecond } = this.options;
    const [started, held, bucket] = domain === null ? [0, 0, undefined] : [this.started.get(domain) ?? 0, this.held.get(domain) ?? 0, this.buckets.get(domain)];
    const rate = mailsPerSecond === null ? Infinity : (bucket?.available ?? Math.max(1, Math.floor(mailsPerSecond)));
    return Math.max(0, Math.min(concurrency + Math.min(ahead, mostAhead) - started, rate, atRelays) - held);
  }

  private bucketOf(domain: string): TokenBucket | null {
    const { mailsPerSecond } = this.options;
    if (mailsPerSecond === null) return null;
    const bucket = this.buckets.get(domain) ?? new TokenBucket(mailsPerSecond, this.nowMs);
    this.buckets.set(domain, bucket);
    return bucket;
  }
}

function count(mails: Map<string, number>, domain: string | null, more: number): void {
  if (domain === null) return;
  const counted = (mails.get(domain) ?? 0) + more;
  if (counted > 0) mails.set(domain, counted);
  else mails.delete(domain);
}
