import type { Readiness } from '@rekey/observability';

const probeEveryMs = 5_000;

/**
 * Whether the relay is worth trying. Open, it lets one mail through every five seconds, as a probe, so that an outage burns no
 * attempts and its end is noticed soon.
 */
export class RelayCircuit {
  private refusal: { readonly reason: string; readonly probeAtMs: number } | null = null;

  /** @param nowMs a clock that never steps back */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** @returns how many more mails may be started */
  allowance(free: number, inFlight: number): number {
    if (this.refusal === null) return free;
    return inFlight === 0 && free > 0 && this.nowMs() >= this.refusal.probeAtMs ? 1 : 0;
  }

  /** @returns whether this is news */
  refused(reason: string): boolean {
    const news = this.refusal === null;
    this.refusal = { reason, probeAtMs: this.nowMs() + probeEveryMs };
    return news;
  }

  /** @returns whether this is news */
  worked(): boolean {
    const news = this.refusal !== null;
    this.refusal = null;
    return news;
  }

  readiness(): Readiness {
    return this.refusal === null ? { ready: true } : { ready: false, waitingFor: this.refusal.reason };
  }
}
