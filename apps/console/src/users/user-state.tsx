import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { wso2Schema, type User } from './users.ts';

/** What keeps a user from signing in, or that nothing does. */
export function UserState({ user }: { readonly user: User }) {
  const { t } = useTranslation('users');
  const { accountLocked, accountDisabled, forcePasswordReset } = user[wso2Schema] ?? {};
  const isFree = !accountLocked && !accountDisabled && !forcePasswordReset;
  return (
    <span className="badges">
      {isFree && <Badge variant="light" color="green">{t('state.active')}</Badge>}
      {accountDisabled && <Badge variant="light" color="red">{t('state.disabled')}</Badge>}
      {accountLocked && <Badge variant="light" color="red">{t('state.locked')}</Badge>}
      {forcePasswordReset && <Badge variant="light">{t('state.mustReset')}</Badge>}
    </span>
  );
}
