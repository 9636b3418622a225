import { Title } from '@mantine/core';
import { useParams } from 'react-router';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { UserActions } from './user-actions.tsx';
import { UserFacts } from './user-facts.tsx';
import { UserRoles } from './user-roles.tsx';
import { fullNameOf, useUser } from './users.ts';

/** One user: how it stands with the account, what can be done, and the roles. */
export function UserPage() {
  const { id = '' } = useParams();
  return (
    <Loaded query={useUser(id)}>
      {(user) => (
        <>
          <PageTitle lead={fullNameOf(user)}>{user.userName ?? user.id}</PageTitle>
          <section className="block">
            <Title order={2}>Account</Title>
            <UserFacts user={user} />
          </section>
          <section className="block">
            <Title order={2}>What can be done</Title>
            <UserActions key={user.id} user={user} />
          </section>
          <section className="block">
            <Title order={2}>Roles</Title>
            <UserRoles key={user.id} userId={user.id} />
          </section>
        </>
      )}
    </Loaded>
  );
}
