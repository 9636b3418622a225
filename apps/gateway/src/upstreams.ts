import type { Logger } from '@rekey/observability';

export interface UpstreamTimes {
  /** Between two questions to each upstream. */
  readonly checkEveryMs: number;
  /** One that has not answered by then is not ready. */
  readonly checkTimeoutMs: number;
}

interface Upstream {
  /** Origin, such as `http://127.0.0.1:9500`. */
  readonly origin: string;
  ready: boolean;
}

/** The recovery services, asked again and again whether they are ready, and taken in turn. */
export class Upstreams {
  private readonly all: readonly Upstream[];
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;
  private checking: Promise<void> | null = null;
  private readonly ended = new AbortController();

  /** @throws Error with one line for a person where one is no `http://host:port` */
  constructor(
    addresses: readonly string[],
    private readonly times: UpstreamTimes,
    private readonly log: Logger,
  ) {
    if (addresses.length === 0) throw new Error('the gateway has nobody to forward to: expected --upstream http://host:port, once or more often');
    this.all = [...new Set(addresses.map(originOf))].map((origin) => ({ origin, ready: false }));
  }

  /** Asks all of them once, and from then on again and again. */
  async start(): Promise<void> {
    await this.checkAll();
    this.askAgain();
  }

  stop(): void {
    this.ended.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  /** @returns the origin of the next that is ready and not among `tried`; null where there is none */
  next(tried: ReadonlySet<string>): string | null {
    for (let step = 0; step < this.all.length; step++) {
      const upstream = this.all[(this.turn + step) % this.all.length];
      if (!upstream?.ready || tried.has(upstream.origin)) continue;
      this.turn = (this.turn + step + 1) % this.all.length;
      return upstream.origin;
    }
    return null;
  }

  /** Nobody answers there: it is left out until it says again that it is ready. */
  unreachable(origin: string): void {
    const upstream = this.all.find((one) => one.origin === origin);
    if (upstream) this.note(upstream, false);
  }

  /** Asks them anew; whoever wants to know while they are being asked gets the same answer. */
  async anyReady(): Promise<boolean> {
    await this.checkAll();
    return this.all.some(({ ready }) => ready);
  }

  private askAgain(): void {
    if (this.ended.signal.aborted) return;
    this.timer = setTimeout(() => void this.checkAll().then(() => this.askAgain()), this.times.checkEveryMs);
  }

  private checkAll(): Promise<void> {
    return (this.checking ??= this.askAll().finally(() => (this.checking = null)));
  }

  private async askAll(): Promise<void> {
    await Promise.all(
      this.all.map(async (upstream) => {
        const ready = await this.isReady(upstream.origin);
        if (!this.ended.signal.aborted) this.note(upstream, ready);
      }),
    );
  }

  private async isReady(origin: string): Promise<boolean> {
    try {
      const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(this.times.checkTimeoutMs)]);
      const answer = await fetch(`${origin}/health/ready`, { signal, redirect: 'manual' });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      // Refused, cut off or too slow: all the same to who asks.
      return false;
    }
  }

  private note(upstream: Upstream, ready: boolean): void {
    if (upstream.ready === ready) return;
    upstream.ready = ready;
    if (ready) this.log.info({ upstream: upstream.origin }, 'a recovery service is ready');
    else this.log.warn({ upstream: upstream.origin }, 'a recovery service is not ready');
  }
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.pathname !== '/' || url.search || url.username) throw new Error(`--upstream must be like http://127.0.0.1:9500, not "${address}"`);
  return url.origin;
}
