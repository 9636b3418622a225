import { Button } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../page/dialog.tsx';

interface DeactivateDialogProps {
  readonly domain: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before nobody of a tenant can sign in any more. */
export function DeactivateDialog({ domain, onConfirm, onClose }: DeactivateDialogProps) {
  const { t } = useTranslation('tenants');
  return (
    <Dialog title={t('deactivateQuestion', { domain })} onClose={onClose}>
      <p>{t('deactivateMeaning')}</p>
      <div className="dialog-end">
        <BusyButton
          size="sm"
          busy={false}
          onPress={() => {
            onConfirm();
            onClose();
          }}
        >
          {t('deactivate')}
        </BusyButton>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
