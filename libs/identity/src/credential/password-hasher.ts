import { hash, verify } from '@node-rs/argon2';

/** More hashes are asked for than this machine can work off: answer 503, try later. */
export class HashQueueFullError extends Error {
  constructor(waiting: number) {
    super(`${waiting} passwords are waiting to be hashed: try again later`);
    this.name = 'HashQueueFullError';
  }
}

export interface PasswordHasherOptions {
  /** Hashes worked on at once. Two: each takes a thread of the pool that DNS shares, and a core. */
  readonly atOnce?: number;
  /** Hashes that may wait. */
  readonly queueLength?: number;
}

/** OWASP Password Storage: argon2id, 19 MiB, two passes, one lane. The library's default algorithm is argon2id. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const expectedPrefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;

/** A hash of today's parameters that no password has been found for: checking against it takes as long as against any other. */
const decoy = `${expectedPrefix}${unpaddedBase64(16)}$${unpaddedBase64(32)}`;

/** Hashes and checks passwords, a bounded number at a time, so that a flood of sign-ins neither takes all memory nor stops the rest. */
export class PasswordHasher {
  private readonly atOnce: number;
  private readonly queueLength: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor({ atOnce = 2, queueLength = 64 }: PasswordHasherOptions = {}) {
    this.atOnce = atOnce;
    this.queueLength = queueLength;
  }

  /** @throws HashQueueFullError */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFC'), parameters));
  }

  /**
   * Against no hash (an unknown user, or one without a password) it works just as long and answers false.
   * @throws HashQueueFullError
   */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const matches = await this.inTurn(() => verify(stored ?? decoy, password.normalize('NFC')));
    return matches && stored !== null;
  }

  /** Whether the hash was made with other parameters than today's. */
  needsRehash(stored: string): boolean {
    return !stored.startsWith(expectedPrefix);
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.queueLength) throw new HashQueueFullError(this.waiting.length);
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

function unpaddedBase64(zeroBytes: number): string {
  return Buffer.alloc(zeroBytes).toString('base64').replaceAll('=', '');
}
