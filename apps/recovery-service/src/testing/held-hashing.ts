import { jest } from '@jest/globals';
import { PasswordHasher } from '@rekey/identity';

type Turn = (work: () => Promise<unknown>, longestQueue?: number) => Promise<unknown>;

export interface HeldHashing {
  /** Passwords that are being hashed or wait for it; those turned away are none of them. */
  inHand(): number;
  release(): void;
}

/** Lets no hash be finished until it is released: the queue fills on a fast machine as on a slow one. */
export function holdHashing(): HeldHashing {
  let [inHand, release] = [0, (): void => undefined];
  const released = new Promise<void>((resolve) => (release = resolve));
  const hasher = PasswordHasher.prototype as unknown as { inTurn: Turn }; // its own business otherwise
  const inTurn = hasher.inTurn;
  jest.spyOn(hasher, 'inTurn').mockImplementation(async function (this: PasswordHasher, work, longestQueue) {
    inHand++;
    return inTurn.call(this, () => released.then(work), longestQueue).finally(() => inHand--);
  });
  return { inHand: () => inHand, release };
}
