import { Button } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../page/dialog.tsx';
import { useRemove, useRestore, type TemplatePlace } from './templates.ts';

interface RestoreDialogProps {
  readonly place: TemplatePlace;
  /** What is to count again; null: what was shipped. */
  readonly version: number | null;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

/** Asks before other words are mailed to everybody. */
export function RestoreDialog({ place, version, onDone, onClose }: RestoreDialogProps) {
  const { t } = useTranslation('templates');
  const restore = useRestore(place);
  const remove = useRemove(place);
  const error = restore.error ?? remove.error;
  const confirm = () => {
    if (version === null) remove.mutate(undefined, { onSuccess: () => onDone(t('shippedAgain')) });
    else restore.mutate(version, { onSuccess: () => onDone(t('countsAgain', { version })) });
  };
  return (
    <Dialog title={version === null ? t('removeQuestion') : t('restoreQuestion', { version })} onClose={onClose}>
      <p>{t('restoreMeans')}</p>
      {error && <Failure error={error} />}
      <div className="dialog-end">
        <BusyButton size="sm" busy={restore.isPending || remove.isPending} onPress={confirm}>
          {version === null ? t('remove') : t('restore')}
        </BusyButton>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
