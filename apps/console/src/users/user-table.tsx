import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { UserState } from './user-state.tsx';
import { addressOf, fullNameOf, type User } from './users.ts';

export function UserTable({ users }: { readonly users: readonly User[] }) {
  return (
    <div className="scroll" role="region" aria-label="Users" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Username</th>
            <th scope="col">Name</th>
            <th scope="col">Address</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                <Anchor component={Link} to={`/users/${user.id}`}>
                  {user.userName}
                </Anchor>
              </th>
              <td>{fullNameOf(user) ?? <span className="quiet">none</span>}</td>
              <td>{addressOf(user) ?? <span className="quiet">none</span>}</td>
              <td>
                <UserState user={user} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
