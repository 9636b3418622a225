import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PassedOn } from './passed-on.ts';

/** The way back. @param username to be there already, where it is known */
export function ToSignIn({ username }: { readonly username?: string }) {
  const { t } = useTranslation('entry');
  return (
    <Anchor component={Link} to="/signin" state={username === undefined ? undefined : ({ username } satisfies PassedOn)}>
      {t('back')}
    </Anchor>
  );
}
