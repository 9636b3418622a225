import { Code } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Fact } from '../page/fact.tsx';
import { Moment } from '../page/moment.tsx';
import { UserState } from './user-state.tsx';
import { addressOf, wso2Schema, type User } from './users.ts';

/** What is known of an account; what is not is left out. */
export function UserFacts({ user }: { readonly user: User }) {
  const { t } = useTranslation('users');
  const { number } = useFormats();
  const { accountState, lockedReason, unlockTime, failedLoginAttempts, pendingEmails = [] } = user[wso2Schema] ?? {};
  return (
    <dl className="facts">
      <Fact name={t('facts.state')}>
        <UserState user={user} />
      </Fact>
      <Fact name={t('facts.address')}>{addressOf(user) ?? <span className="quiet">{t('facts.noAddress')}</span>}</Fact>
      {pendingEmails.map(({ value }) => (
        <Fact key={value} name={t('facts.pending')}>
          {value}
        </Fact>
      ))}
      {accountState && (
        <Fact name={t('facts.accountState')}>
          <Code>{accountState}</Code>
        </Fact>
      )}
      {lockedReason && (
        <Fact name={t('facts.lockedReason')}>
          <Code>{lockedReason}</Code>
        </Fact>
      )}
      {unlockTime && Number(unlockTime) > 0 && (
        <Fact name={t('facts.unlocks')}>
          <Moment at={new Date(Number(unlockTime)).toISOString()} />
        </Fact>
      )}
      {failedLoginAttempts !== undefined && <Fact name={t('facts.wrong')}>{number(failedLoginAttempts)}</Fact>}
      {user.meta?.created && (
        <Fact name={t('facts.created')}>
          <Moment at={user.meta.created} />
        </Fact>
      )}
      {user.meta?.lastModified && (
        <Fact name={t('facts.changed')}>
          <Moment at={user.meta.lastModified} />
        </Fact>
      )}
      <Fact name={t('facts.id')}>
        <Code>{user.id}</Code>
      </Fact>
    </dl>
  );
}
