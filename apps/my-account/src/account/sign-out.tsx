import { BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { account } from './account-client.ts';

export function SignOut() {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const signOut = useMutation({ mutationFn: account.signOut, onSuccess: () => queries.setQueryData(sessionKey, null) });
  return (
    <>
      <BusyButton size="sm" variant="default" busy={signOut.isPending} onPress={() => signOut.mutate()}>
        {t('signOut')}
      </BusyButton>
      {signOut.isError && (
        <div className="account-notice">
          <Failure error={signOut.error} />
        </div>
      )}
    </>
  );
}
