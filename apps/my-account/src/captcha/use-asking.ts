import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

/** How a person waits for what may take a solved challenge first. */
export interface Asking {
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
  /** Called where there is a challenge to solve. */
  readonly onChallenge: () => void;
}

/**
 * A mutation for what strangers may ask for. Leaving the page ends it: nothing more is computed or sent, and nobody is fetched back to where
 * the answer would have led.
 */
export function useAsking(ask: (username: string, asking: Asking) => Promise<void>, onSuccess: (username: string) => unknown) {
  const [isSolving, setSolving] = useState(false);
  const waiting = useRef<AbortController>(null);
  useEffect(() => () => waiting.current?.abort(), []);
  const mutation = useMutation({
    mutationFn: async (username: string) => {
      waiting.current = new AbortController();
      const { signal } = waiting.current;
      await ask(username, { signal, onChallenge: () => setSolving(true) });
      signal.throwIfAborted();
    },
    onSuccess: (_, username) => onSuccess(username),
    onSettled: () => setSolving(false),
  });
  return { ...mutation, isSolving };
}
