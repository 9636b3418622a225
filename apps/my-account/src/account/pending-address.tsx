import { Text } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { account, profileKey } from './account-client.ts';

/** An address that waits to be confirmed: have the link mailed again, or stay with the one that counts. */
export function PendingAddress({ address, onKept }: { readonly address: string; readonly onKept: () => void }) {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const again = useMutation({ mutationFn: account.sendAddressLink });
  const keep = useMutation({
    mutationFn: account.keepAddress,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: profileKey });
      onKept();
    },
  });
  const error = again.error ?? keep.error;
  return (
    <div className="pending">
      <Text>{t('address.waits', { address })}</Text>
      <div role="status" className="result">
        {again.isSuccess && t('address.sentAgain')}
      </div>
      {error && <Failure error={error} />}
      <div className="actions">
        <BusyButton size="sm" variant="default" busy={again.isPending} onPress={() => again.mutate()}>
          {t('address.again')}
        </BusyButton>
        <BusyButton size="sm" variant="default" busy={keep.isPending} onPress={() => keep.mutate()}>
          {t('address.cancel')}
        </BusyButton>
      </div>
    </div>
  );
}
