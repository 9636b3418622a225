import { Stack } from '@mantine/core';
import { BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { account } from './account-client.ts';
import { useUser } from './account-layout.tsx';

export function HomePage() {
  const { t } = useTranslation('account');
  const user = useUser();
  const queries = useQueryClient();
  const signOut = useMutation({ mutationFn: account.signOut, onSuccess: () => queries.setQueryData(sessionKey, null) });
  return (
    <Stack gap="lg">
      <Heading title={t('home.greeting', { name: user.displayName })} lead={t('home.lead')} />
      <dl className="facts">
        <div>
          <dt>{t('username')}</dt>
          <dd>{user.username}</dd>
        </div>
        <div>
          <dt>{t('email')}</dt>
          <dd>{user.email ?? t('none')}</dd>
        </div>
      </dl>
      {signOut.isError && <Failure error={signOut.error} />}
      <div className="actions">
        <BusyButton variant="default" busy={signOut.isPending} onPress={() => signOut.mutate()}>
          {t('home.signOut')}
        </BusyButton>
      </div>
    </Stack>
  );
}
