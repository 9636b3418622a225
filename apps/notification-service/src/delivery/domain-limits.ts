import { TokenBucket } from '../relay/token-bucket.ts';

export interface DomainLimitsOptions {
  /** Mails on their way to addresses of one domain, at most. */
  readonly concurrency: number;
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
  /** Of domains that were sent something of late: those that are full again say nothing and are forgotten. */
  private readonly buckets = new Map<string, TokenBucket>();

  /** @param nowMs a clock that never steps back */
  constructor(
    private readonly options: DomainLimitsOptions,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  begin(domain: string | null): void {
    if (domain === null) return;
    this.started.set(domain, (this.started.get(domain) ?? 0) + 1);
    this.bucketOf(domain)?.take();
  }

  end(domain: string | null): void {
    if (domain === null) return;
    const left = (this.started.get(domain) ?? 1) - 1;
    if (left > 0) this.started.set(domain, left);
    else this.started.delete(domain);
  }

  room(): DomainRoom {
    const usual = this.roomOf(0, null);
    for (const [domain, bucket] of this.buckets) if (bucket.isFull) this.buckets.delete(domain);
    const named = new Set([...this.started.keys(), ...this.buckets.keys()]);
    return { usual, of: new Map([...named].map((domain) => [domain, this.roomOf(this.started.get(domain) ?? 0, this.buckets.get(domain) ?? null)])) };
  }

  private roomOf(started: number, bucket: TokenBucket | null): number {
    const { concurrency, mailsPerSecond } = this.options;
    const rate = mailsPerSecond === null ? Infinity : (bucket?.available ?? Math.max(1, Math.floor(mailsPerSecond)));
    return Math.max(0, Math.min(concurrency - started, rate));
  }

  private bucketOf(domain: string): TokenBucket | null {
    const { mailsPerSecond } = this.options;
    if (mailsPerSecond === null) return null;
    const bucket = this.buckets.get(domain) ?? new TokenBucket(mailsPerSecond, this.nowMs);
    this.buckets.set(domain, bucket);
    return bucket;
  }
}
