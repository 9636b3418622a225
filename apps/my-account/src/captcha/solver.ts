import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { Challenge } from 'altcha-lib/types';

/** Runs as a Web Worker: gets one challenge, gives its solution. A promise that fails there is told to nobody, so no solution is null. */
self.addEventListener('message', ({ data }: MessageEvent<Challenge>) => {
  void solveChallenge({ challenge: data, deriveKey }).catch(() => null).then((solution) => self.postMessage(solution));
});
