import { Code } from '@mantine/core';
import { Fact } from '../page/fact.tsx';
import { Moment } from '../page/moment.tsx';
import { UserState } from './user-state.tsx';
import { addressOf, wso2Schema, type User } from './users.ts';

/** What is known of an account; what is not is left out. */
export function UserFacts({ user }: { readonly user: User }) {
  const { accountState, lockedReason, unlockTime, failedLoginAttempts, pendingEmails = [] } = user[wso2Schema] ?? {};
  return (
    <dl className="facts">
      <Fact name="State">
        <UserState user={user} />
      </Fact>
      <Fact name="Mail address">{addressOf(user) ?? <span className="quiet">None: no recovery mail reaches this user.</span>}</Fact>
      {pendingEmails.map(({ value }) => (
        <Fact key={value} name="Address to be confirmed">
          {value}
        </Fact>
      ))}
      {accountState && (
        <Fact name="Account state">
          <Code>{accountState}</Code>
        </Fact>
      )}
      {lockedReason && (
        <Fact name="Why it is locked">
          <Code>{lockedReason}</Code>
        </Fact>
      )}
      {unlockTime && Number(unlockTime) > 0 && (
        <Fact name="Unlocks by itself">
          <Moment at={new Date(Number(unlockTime)).toISOString()} />
        </Fact>
      )}
      {failedLoginAttempts !== undefined && <Fact name="Wrong passwords in a row">{failedLoginAttempts.toLocaleString()}</Fact>}
      {user.locale && <Fact name="Locale">{user.locale}</Fact>}
      {user.meta?.created && (
        <Fact name="Created">
          <Moment at={user.meta.created} />
        </Fact>
      )}
      {user.meta?.lastModified && (
        <Fact name="Last changed">
          <Moment at={user.meta.lastModified} />
        </Fact>
      )}
      <Fact name="Id">
        <Code>{user.id}</Code>
      </Fact>
    </dl>
  );
}
