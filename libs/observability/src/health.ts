import { reasonOf } from './reason-of.ts';
/** What a part of a service says of itself to `/health/ready`. */
export interface Readiness {
  readonly ready: boolean;
  /** For an operator: what is being waited for. Of a part that is ready: what of it is not, while the rest does the work. */
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
    return (await this.look()).unready;
  }

  /** @returns the parts that are not ready, and those that are but lack something, by name, with what each waits for */
  async look(): Promise<{ readonly unready: Record<string, string>; readonly impaired: Record<string, string> }> {
    const answers = await Promise.all([...this.checks].map(async ([part, check]) => ({ part, ...(await this.answerOf(check)) })));
    const unready: Record<string, string> = this.draining ? { service: 'shutting down' } : {};
    const impaired: Record<string, string> = {};
    for (const { part, ready, waitingFor } of answers) {
      if (!ready) unready[part] = waitingFor ?? 'not ready';
      else if (waitingFor !== undefined) impaired[part] = waitingFor;
    }
    return { unready, impaired };
  }

  private async answerOf(check: ReadinessCheck): Promise<Readiness> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      timer = setTimeout(() => resolve({ ready: false, waitingFor: `no answer within ${this.patienceMs / 1000} s` }), this.patienceMs);
    });
    try {
      return await Promise.race([check(), late]);
    } catch (error) {
      return { ready: false, waitingFor: reasonOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
