/** What a part of a service says of itself to `/health/ready`. */
export interface Readiness {
  readonly ready: boolean;
  /** For an operator, where not ready: what is being waited for. */
  readonly waitingFor?: string;
}

export type ReadinessCheck = () => Readiness | Promise<Readiness>;

const usualPatienceMs = 2_000;

/** Collects the checks of one service; `draining` once it has been told to stop, so that nobody sends it anything new. */
export class Health {
  private readonly checks = new Map<string, ReadinessCheck>();
  private draining = false;

  /** @param patienceMs a part that has not answered after this long is not ready: who asks gets an answer in any case */
  constructor(private readonly patienceMs = usualPatienceMs) {}

  add(part: string, check: ReadinessCheck): void {
    this.checks.set(part, check);
  }

  get isDraining(): boolean {
    return this.draining;
  }

  drain(): void {
    this.draining = true;
  }

  /** @returns the parts that are not ready, by name, with what each waits for; empty where all is well */
  async unready(): Promise<Record<string, string>> {
    const waiting = await Promise.all([...this.checks].map(async ([part, check]) => ({ part, waitingFor: await this.waitingFor(check) })));
    const found: Record<string, string> = this.draining ? { service: 'shutting down' } : {};
    for (const { part, waitingFor } of waiting) if (waitingFor !== null) found[part] = waitingFor;
    return found;
  }

  /** @returns null where ready */
  private async waitingFor(check: ReadinessCheck): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, waitingFor: `no answer within ${this.patienceMs / 1000} s` }), this.patienceMs);
    });
    try {
      const { ready, waitingFor } = await Promise.race([check(), late]);
      return ready ? null : (waitingFor ?? 'not ready');
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
