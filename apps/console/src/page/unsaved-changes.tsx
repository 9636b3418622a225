import { BusyButton } from '@rekey/web';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
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
 * Asks before a page is left by a link, by the browser's Back and Forward, or closed, on which something would be lost. The router has no word
 * for that (`useBlocker` needs the one with loaders): so the question comes before the router hears of it.
 */
export function UnsavedChanges({ when }: { readonly when: boolean }) {
  const { t } = useTranslation('page');
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
  if (!way) return null;
  return (
    <Dialog title={t('leave.title')} onClose={() => setWay(null)}>
      <p>{t('leave.meaning')}</p>
      <div className="dialog-end">
        <BusyButton busy={false} onPress={() => setWay(null)}>
          {t('leave.stay')}
        </BusyButton>
        <BusyButton variant="default" busy={false} onPress={way.go}>
          {t('leave.go')}
        </BusyButton>
      </div>
    </Dialog>
  );
}

/** The router numbers what it puts into the browser's history. @returns null of what it has not put there */
function placeIn(state: unknown): number | null {
  return typeof state === 'object' && state !== null && 'idx' in state && typeof state.idx === 'number' ? state.idx : null;
}
