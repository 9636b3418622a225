import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Table } from '../page/table.tsx';
import { UserState } from './user-state.tsx';
import { addressOf, fullNameOf, type User } from './users.ts';

export function UserTable({ users }: { readonly users: readonly User[] }) {
  const { t } = useTranslation('users');
  return (
    <Table label={t('title')} columns={[t('columns.username'), t('columns.name'), t('columns.address'), t('columns.state')]}>
      {users.map((user) => (
        <tr key={user.id}>
          <th scope="row">
            <Anchor component={Link} to={`/users/${user.id}`}>
              {user.userName}
            </Anchor>
          </th>
          <td>{fullNameOf(user) ?? <span className="quiet">{t('none')}</span>}</td>
          <td>{addressOf(user) ?? <span className="quiet">{t('none')}</span>}</td>
          <td>
            <UserState user={user} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
