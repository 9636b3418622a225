import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { Heading } from '../page/heading.tsx';
import { NewPassword, type AskToSet } from './new-password.tsx';

/** What a right code has given: kept by the page alone, and nowhere else. */
export type ConfirmedCode = Awaited<ReturnType<typeof api.confirmForcedCode>>;

interface NewPasswordAfterCodeProps {
  readonly confirmed: ConfirmedCode;
  readonly onDead: () => void;
}

export function NewPasswordAfterCode({ confirmed: { flow, resetCode, username, passwordPolicy }, onDead }: NewPasswordAfterCodeProps) {
  const { t } = useTranslation('new-password');
  const ask: AskToSet = async ({ password }) => api.setPasswordByCode({ flow, resetCode, password });
  return (
    <Stack gap="lg">
      <Heading title={t('reset.title')} lead={t('reset.lead')} />
      <NewPassword ask={ask} username={username} policy={passwordPolicy} onDead={onDead} />
    </Stack>
  );
}
