import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Asking } from './solving.ts';

/**
 * A mutation for what strangers may ask for. Leaving the page ends it: nothing more is computed or sent, and nobody is fetched back to where
 * the answer would have led.
 */
export function useAsking<Asked, Answer>(ask: (asked: Asked, asking: Asking) => Promise<Answer>, onSuccess: (answer: Answer, asked: Asked) => unknown) {
  const [isSolving, setSolving] = useState(false);
  const waiting = useRef<AbortController>(null);
  useEffect(() => () => waiting.current?.abort(), []);
  const mutation = useMutation({
    mutationFn: async (asked: Asked) => {
      waiting.current = new AbortController();
      const { signal } = waiting.current;
      const answer = await ask(asked, { signal, onChallenge: () => setSolving(true) });
      signal.throwIfAborted();
      return answer;
    },
    onSuccess,
    onSettled: () => setSolving(false),
  });
  return { ...mutation, isSolving };
}
