import { ApiProblem } from '@rekey/web';
import type { Challenge } from 'altcha-lib/types';

/** How a person waits for what may take a solved challenge first. */
export interface Asking {
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
  /** Called where there is a challenge to solve. */
  readonly onChallenge: () => void;
}

/**
 * Asks; solves the challenge that the tenant may want solved first, once, and asks again.
 * @param ask gets the solution, to be sent beside what else is sent
 */
export async function solving<Data>({ signal, onChallenge }: Asking, ask: (solution: { captcha?: string }) => Promise<Data>): Promise<Data> {
  try {
    return await ask({});
  } catch (error) {
    const challenge = challengeOf(error);
    if (!challenge) throw error;
    signal.throwIfAborted();
    onChallenge();
    const { solve } = await import('./solve.ts');
    return ask({ captcha: await solve(challenge, signal) });
  }
}

/** null where none is asked for, or none that a page of ours can solve. */
function challengeOf(error: unknown): Challenge | null {
  return error instanceof ApiProblem ? ((error.body['challenge'] ?? null) as Challenge | null) : null; // the server's own library made it
}
