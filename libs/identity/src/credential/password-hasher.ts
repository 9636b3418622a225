import { hash, verify } from '@node-rs/argon2';

/** More hashes are asked for than this machine can work off: answer 503, try later. */
export class HashQueueFullError extends Error {
  constructor(waiting: number) {
    super(`${waiting} passwords are waiting to be hashed: try again later`);
    this.name = 'HashQueueFullError';
  }
}

/** argon2id's, as `[password_hashing]` has them. */
export interface HashingCost {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface PasswordHasherOptions {
  readonly cost?: HashingCost;
  /** Hashes worked on at once. Two: each takes a thread of the pool that DNS shares, and a core. */
  readonly atOnce?: number;
  /** Hashes that may wait. */
  readonly queueLength?: number;
  /** Places behind those, for `verifyAny` alone: it needs many at once, which a flood of single passwords would never leave it. Default: for the longest history, 24. */
  readonly keptForMany?: number;
}

/** OWASP Password Storage: 19 MiB, two passes, one lane. */
const owaspCost: HashingCost = { memoryKib: 19_456, iterations: 2, parallelism: 1 };

/** Hashes and checks passwords, a bounded number at a time, so that a flood of sign-ins neither takes all memory nor stops the rest. */
export class PasswordHasher {
  private readonly atOnce: number;
  private readonly queueLength: number;
  private readonly keptForMany: number;
  private cost: HashingCost;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor({ cost = owaspCost, atOnce = 2, queueLength = 64, keptForMany = 24 }: PasswordHasherOptions = {}) {
    this.cost = cost;
    this.atOnce = atOnce;
    this.queueLength = queueLength;
    this.keptForMany = keptForMany;
  }

  /** What is hashed from now on costs so much; what was hashed before is renewed as its passwords are proved. */
  reconfigure(cost: HashingCost): void {
    this.cost = cost;
  }

  /** @throws HashQueueFullError */
  async hash(password: string): Promise<string> {
    const { memoryKib, iterations, parallelism } = this.cost;
    // The library's default algorithm is argon2id.
    return this.inTurn(() => hash(password.normalize('NFC'), { memoryCost: memoryKib, timeCost: iterations, parallelism }));
  }

  /**
   * Against no hash (an unknown user, or one without a password) it works just as long and answers false.
   * @throws HashQueueFullError
   */
  async verify(password: string, stored: string | null): Promise<boolean> {
    return this.compare(password, stored, this.queueLength);
  }

  /**
   * Whether the password is that of one of the hashes; works as long whether it is or not. They all find room in the queue, or none is
   * begun: so it takes no longer than a full queue does.
   * @throws HashQueueFullError
   */
  async verifyAny(password: string, stored: readonly string[]): Promise<boolean> {
    const longestQueue = this.queueLength + this.keptForMany;
    if (this.running + this.waiting.length + stored.length > this.atOnce + longestQueue) throw new HashQueueFullError(this.waiting.length);
    return (await Promise.all(stored.map((hash) => this.compare(password, hash, longestQueue)))).includes(true);
  }

  /** Whether the hash was made at another cost than today's. */
  needsRehash(stored: string): boolean {
    return !stored.startsWith(prefixOf(this.cost));
  }

  private async compare(password: string, stored: string | null, longestQueue: number): Promise<boolean> {
    const matches = await this.inTurn(() => verify(stored ?? decoyOf(this.cost), password.normalize('NFC')), longestQueue);
    return matches && stored !== null;
  }

  private async inTurn<Result>(work: () => Promise<Result>, longestQueue = this.queueLength): Promise<Result> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= longestQueue) throw new HashQueueFullError(this.waiting.length);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The turn is handed on, not given back: nobody can slip in between.
      if (next) next();
      else this.running--;
    }
  }
}

/** How a hash of this cost begins, in PHC form. */
function prefixOf({ memoryKib, iterations, parallelism }: HashingCost): string {
  return `$argon2id$v=19$m=${memoryKib},t=${iterations},p=${parallelism}$`;
}

/** A hash that no password has been found for: checking against it takes as long as against any other of its cost. */
function decoyOf(cost: HashingCost): string {
  return `${prefixOf(cost)}${unpaddedBase64(16)}$${unpaddedBase64(32)}`;
}

function unpaddedBase64(zeroBytes: number): string {
  return Buffer.alloc(zeroBytes).toString('base64').replaceAll('=', '');
}
