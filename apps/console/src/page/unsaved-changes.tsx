import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { useLeaving } from './leaving.ts';

/** Asks before a page is left on which something would be lost. */
export function UnsavedChanges({ when }: { readonly when: boolean }) {
  const { t } = useTranslation('page');
  const [way, onStay] = useLeaving(when);
  if (!way) return null;
  return (
    <Dialog title={t('leave.title')} onClose={onStay}>
      <p>{t('leave.meaning')}</p>
      <div className="dialog-end">
        <BusyButton busy={false} onPress={onStay}>
          {t('leave.stay')}
        </BusyButton>
        <BusyButton variant="default" busy={false} onPress={way.go}>
          {t('leave.go')}
        </BusyButton>
      </div>
    </Dialog>
  );
}
