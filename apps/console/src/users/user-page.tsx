import { Title } from '@mantine/core';
import { useSession } from '@rekey/web';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { UserActions } from './user-actions.tsx';
import { UserDetailsForm } from './user-details-form.tsx';
import { UserFacts } from './user-facts.tsx';
import { UserHistory } from './user-history.tsx';
import { UserMails } from './user-mails.tsx';
import { UserRoles } from './user-roles.tsx';
import { UserSessions } from './user-sessions.tsx';
import { fullNameOf, useUser, type User } from './users.ts';

/** One user: how it stands with the account, what can be done, and what happened. */
export function UserPage() {
  const { id = '' } = useParams();
  return <Loaded query={useUser(id)}>{(user) => <Parts key={user.id} user={user} />}</Loaded>;
}

/** Of what a role does not allow there is nothing to see. */
function Parts({ user }: { readonly user: User }) {
  const { t } = useTranslation('users');
  const roles = useSession().data?.roles ?? [];
  const [isAdministrator, isAuditor, isHelpdesk] = (['administrator', 'auditor', 'helpdesk'] as const).map((role) => roles.includes(role));
  return (
    <>
      <PageTitle lead={fullNameOf(user)}>{user.userName ?? user.id}</PageTitle>
      <Part title={t('page.account')}>
        <UserFacts user={user} />
      </Part>
      {(isAdministrator || isHelpdesk) && (
        <Part title={t('page.actions')}>
          <UserActions user={user} isAdministrator={isAdministrator ?? false} />
        </Part>
      )}
      {isAdministrator && (
        <Part title={t('page.details')}>
          <UserDetailsForm user={user} />
        </Part>
      )}
      <Part title={t('page.sessions')}>
        <UserSessions userId={user.id} />
      </Part>
      <Part title={t('page.mails')}>
        <UserMails userId={user.id} />
      </Part>
      <Part title={t('page.history')}>
        <UserHistory userId={user.id} />
      </Part>
      {(isAdministrator || isAuditor) && (
        <Part title={t('page.roles')}>
          <UserRoles userId={user.id} />
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="block">
      <Title order={2}>{title}</Title>
      {children}
    </section>
  );
}
