/** What a part of a service says of itself to `/health/ready`. */
export interface Readiness {
  readonly ready: boolean;
  /** For an operator, where not ready: what is being waited for. */
  readonly waitingFor?: string;
}

export type ReadinessCheck = () => Readiness | Promise<Readiness>;

/** Collects the checks of one service; `draining` once it has been told to stop, so that nobody sends it anything new. */
export class Health {
  private readonly checks = new Map<string, ReadinessCheck>();
  private draining = false;

  add(part: string, check: ReadinessCheck): void {
    this.checks.set(part, check);
  }

  drain(): void {
    this.draining = true;
  }

  /** @returns the parts that are not ready, by name, with what each waits for; empty where all is well */
  async unready(): Promise<Record<string, string>> {
    const found: Record<string, string> = this.draining ? { service: 'shutting down' } : {};
    for (const [part, check] of this.checks) {
      try {
        const readiness = await check();
        if (!readiness.ready) found[part] = readiness.waitingFor ?? 'not ready';
      } catch (error) {
        found[part] = error instanceof Error ? error.message : String(error);
      }
    }
    return found;
  }
}
