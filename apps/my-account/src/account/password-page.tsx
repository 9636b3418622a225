import { Stack } from '@mantine/core';
import { Waiting } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { NewPassword, type AskToSet } from '../recovery/new-password.tsx';
import { account } from './account-client.ts';
import { useUser } from './account-layout.tsx';

export function PasswordPage() {
  // Those of the form, too: one that asks for them later takes the page away, and the focus with it.
  const { t } = useTranslation(['account', 'new-password']);
  const { username } = useUser();
  const rules = useQuery({ queryKey: ['password-rules'], queryFn: account.passwordRules });
  const ask: AskToSet = async ({ password, current }) => account.changePassword({ oldPassword: current, password });
  return (
    <Stack gap="lg">
      <Heading title={t('password.title')} lead={rules.data && t(rules.data.endsThisSession ? 'password.endsAll' : 'password.endsOthers')} />
      {rules.isPending && <Waiting />}
      {rules.isError && <Failure error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data && <NewPassword asksCurrent staysSignedIn={!rules.data.endsThisSession} ask={ask} username={username} policy={rules.data.passwordPolicy} />}
    </Stack>
  );
}
