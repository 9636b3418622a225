import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Asking } from './solving.ts';

/**
 * A mutation for what strangers may ask for. Leaving the page ends it: nothing more is computed or sent, and nobody is fetched back to where
 * the answer would have led.
 */
export function useAsking(ask: (username: string, asking: Asking) => Promise<unknown>, onSuccess: (username: string) => unknown) {
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
