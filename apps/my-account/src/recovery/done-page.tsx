import { Button, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { forgetKey } from './recovery-key.ts';

/** Signs nobody in: whoever has the link alone must not pass for a signed-in person. */
export function DonePage({ words }: { readonly words: 'reset' | 'confirm' | 'confirmAddress' }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const { done, username = '', staysSignedIn, callback } = usePassedOn();
  // Only here: the page before would say of its link, now spent, that it is incomplete.
  useEffect(() => forgetKey(), []);
  if (!done) return <Navigate to="/signin" replace />;
  return (
    <Stack gap="lg">
      <Heading mark="done" title={t(`${words}.done.title`)} lead={t(staysSignedIn && words === 'reset' ? 'reset.done.staysLead' : `${words}.done.lead`)} />
      {callback && (
        <Button component="a" href={callback} fullWidth size="md">
          {t('entry:goOn')}
        </Button>
      )}
      <Button component={Link} to={staysSignedIn ? '/' : '/signin'} state={{ username } satisfies PassedOn} variant={callback ? 'default' : 'filled'} fullWidth size="md">
        {t(staysSignedIn ? 'entry:goOn' : 'entry:signIn.submit')}
      </Button>
    </Stack>
  );
}
