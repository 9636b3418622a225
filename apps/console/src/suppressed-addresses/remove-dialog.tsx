import { Anchor, Button } from '@mantine/core';
import { answered, ApiProblem, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Dialog } from '../page/dialog.tsx';
import { suppressedAddressesKey, type SuppressedAddress } from './suppressed-addresses.ts';

interface RemoveDialogProps {
  readonly entry: SuppressedAddress;
  readonly onClose: () => void;
}

export function RemoveDialog({ entry: { id, address }, onClose }: RemoveDialogProps) {
  const { t } = useTranslation('suppressed-addresses');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      try {
        await answered(rekey.DELETE('/suppressed-addresses/{id}', { params: { path: { id } } }));
      } catch (error) {
        // Somebody else has removed it meanwhile.
        if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      }
    },
    onSuccess: async () => queries.invalidateQueries({ queryKey: suppressedAddressesKey }),
  });
  return (
    <Dialog title={t('remove.title', { address })} onClose={onClose}>
      {!remove.isSuccess && <p>{t('remove.meaning')}</p>}
      <div role="status">
        {remove.isSuccess && (
          <p>
            {t('remove.done')}{' '}
            <Anchor component={Link} to="/deliveries/failures" underline="always">
              {t('remove.failures')}
            </Anchor>
          </p>
        )}
      </div>
      {remove.isError && <Failure error={remove.error} />}
      <div className="dialog-end">
        {!remove.isSuccess && (
          <BusyButton size="sm" busy={remove.isPending} onPress={() => remove.mutate()}>
            {t('remove.submit')}
          </BusyButton>
        )}
        <Button variant="default" onClick={onClose}>
          {remove.isSuccess ? t('close') : t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
