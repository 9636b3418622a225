import { BusyButton } from '@rekey/web';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';

/** Asks before a page is left by a link, or closed, on which something would be lost. */
export function UnsavedChanges({ when }: { readonly when: boolean }) {
  const { t } = useTranslation('page');
  /** What was pressed to leave. */
  const [way, setWay] = useState<HTMLAnchorElement | null>(null);
  useEffect(() => {
    if (!when || way) return undefined;
    const keep = (event: BeforeUnloadEvent) => event.preventDefault();
    // Before the router hears of it.
    const ask = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || link.target === '_blank' || link.hash !== '' || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      setWay(link);
    };
    addEventListener('beforeunload', keep);
    document.addEventListener('click', ask, true);
    return () => {
      removeEventListener('beforeunload', keep);
      document.removeEventListener('click', ask, true);
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
        <BusyButton variant="default" busy={false} onPress={() => way.click()}>
          {t('leave.go')}
        </BusyButton>
      </div>
    </Dialog>
  );
}
