import { Badge } from '@mantine/core';
import { wso2Schema, type User } from './users.ts';

/** What keeps a user from signing in, or that nothing does. */
export function UserState({ user }: { readonly user: User }) {
  const { accountLocked, accountDisabled, forcePasswordReset } = user[wso2Schema] ?? {};
  const isFree = !accountLocked && !accountDisabled && !forcePasswordReset;
  return (
    <span className="badges">
      {isFree && <Badge variant="light" color="green">active</Badge>}
      {accountDisabled && <Badge variant="light" color="red">disabled</Badge>}
      {accountLocked && <Badge variant="light" color="red">locked</Badge>}
      {forcePasswordReset && <Badge variant="light">must reset</Badge>}
    </span>
  );
}
