import { AsyncLocalStorage } from 'node:async_hooks';

/** A hook that reads claims begins an operation within the operation; one within itself would never end. */
const deepest = 4;
const underWay = new AsyncLocalStorage<OperationLevel>();

/** One operation, maybe within others: what those that its hooks begin find. */
export class OperationLevel {
  private readonly depth: number;
  /** Somebody only asks what would happen: what hooks read for their answer is part of the question. */
  readonly isRehearsal: boolean;
  private begun = 0;
  private begunAt = 0;
  private begunMs = 0;

  private constructor(outer: OperationLevel | undefined, isRehearsal: boolean) {
    this.depth = (outer?.depth ?? 0) + 1;
    this.isRehearsal = isRehearsal || outer?.isRehearsal === true;
  }

  /** @throws Error where hooks call operations in a circle */
  static async run<Result>(name: string, isRehearsal: boolean, work: (level: OperationLevel) => Promise<Result>): Promise<Result> {
    const outer = underWay.getStore();
    const level = new OperationLevel(outer, isRehearsal);
    if (level.depth > deepest) throw new Error(`hooks call operations in a circle: ${name}, ${level.depth} deep`);
    outer?.begin();
    try {
      return await underWay.run(level, () => work(level));
    } finally {
      outer?.end();
    }
  }

  /**
   * Milliseconds that hooks of this operation have had: what an operation takes that one of them begins is measured there, hook by hook.
   * Else a slow listener would use up the time of every other that reads claims.
   */
  readonly clock = (): number => {
    const now = performance.now();
    return now - this.begunMs - (this.begun > 0 ? now - this.begunAt : 0);
  };

  private begin(): void {
    if (this.begun++ === 0) this.begunAt = performance.now();
  }

  private end(): void {
    if (--this.begun === 0) this.begunMs += performance.now() - this.begunAt;
  }
}
