import { useEffect, useState } from 'react';
import { hearHistorySteps } from './history-steps.ts';

let unsaved = 0;

/** Whether something is on the page now that would be lost with it. */
export function isAnythingUnsaved(): boolean {
  return unsaved > 0;
}

/** How whoever wants to leave would have left. */
interface Way {
  readonly go: () => void;
}

/**
 * Stops whoever leaves a page by a link, by the browser's Back and Forward, or closes it, while something would be lost. The router has no word
 * for that (`useBlocker` needs the one with loaders): so this comes before the router hears of it.
 * @returns the way that was stopped, null where there is none, and what forgets it
 */
export function useLeaving(when: boolean): [Way | null, () => void] {
  const [way, setWay] = useState<Way | null>(null);
  useEffect(() => {
    if (!when) return undefined;
    unsaved++;
    return () => void unsaved--;
  }, [when]);
  useEffect(() => {
    if (!when || way) return undefined;
    const here = placeIn(history.state);
    const keep = (event: BeforeUnloadEvent) => event.preventDefault();
    const askOfLink = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || link.target === '_blank' || link.hash !== '' || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      setWay({ go: () => link.click() });
    };
    // The browser has gone already, and is taken back: the page has stayed, as the router was not told.
    const endHearing = hearHistorySteps((event) => {
      const there = placeIn(event.state);
      if (here === null || there === null || there === here) return;
      event.stopImmediatePropagation();
      history.go(here - there);
      setWay({ go: () => history.go(there - here) });
    });
    addEventListener('beforeunload', keep);
    document.addEventListener('click', askOfLink, true);
    return () => {
      removeEventListener('beforeunload', keep);
      endHearing();
      document.removeEventListener('click', askOfLink, true);
    };
  }, [when, way]);
  return [way, () => setWay(null)];
}

/** The router numbers what it puts into the browser's history. @returns null of what it has not put there */
function placeIn(state: unknown): number | null {
  return typeof state === 'object' && state !== null && 'idx' in state && typeof state.idx === 'number' ? state.idx : null;
}
