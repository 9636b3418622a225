import { answered, BusyButton, Failure, rekey, scim } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Action } from '../page/action.tsx';
import { Done } from '../page/done.tsx';
import { ResetUser } from './reset-user.tsx';
import { userKey, usersKey, wso2Schema, type User } from './users.ts';

type Switch = 'accountLocked' | 'accountDisabled';

/** What an administrator does to one account. Each says the state that it brings about: sent twice, it does no more than once. */
export function UserActions({ user }: { readonly user: User }) {
  const { accountLocked = false, accountDisabled = false } = user[wso2Schema] ?? {};
  const { id } = user;
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: async ({ name, value }: { readonly name: Switch; readonly value: boolean }) =>
      answered(scim.PATCH('/Users/{id}', { params: { path: { id } }, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: `${wso2Schema}:${name}`, value }] } })),
    onSuccess: (changed) => {
      queries.setQueryData(userKey(id), changed);
      void queries.invalidateQueries({ queryKey: [...usersKey, 'found'] });
    },
  });
  const signOut = useMutation({ mutationFn: async () => answered(rekey.DELETE('/users/{id}/sessions', { params: { path: { id } } })) });
  const error = set.error ?? signOut.error;
  const press = (name: Switch, value: boolean) => {
    signOut.reset();
    set.mutate({ name, value });
  };
  return (
    <>
      <ul className="choices">
        <Action title={accountLocked ? 'Unlock' : 'Lock'} meaning={accountLocked ? 'Signs in again.' : 'Does not sign in until unlocked.'}>
          <BusyButton variant="default" size="sm" busy={set.isPending && set.variables.name === 'accountLocked'} onPress={() => press('accountLocked', !accountLocked)}>
            {accountLocked ? 'Unlock' : 'Lock'}
          </BusyButton>
        </Action>
        <Action title={accountDisabled ? 'Enable' : 'Disable'} meaning={accountDisabled ? 'Signs in and recovers passwords again.' : 'Neither signs in nor recovers a password, until enabled.'}>
          <BusyButton variant="default" size="sm" busy={set.isPending && set.variables.name === 'accountDisabled'} onPress={() => press('accountDisabled', !accountDisabled)}>
            {accountDisabled ? 'Enable' : 'Disable'}
          </BusyButton>
        </Action>
        <Action title="Sign out everywhere" meaning="Ends every session. The password stays.">
          <BusyButton
            variant="default"
            size="sm"
            busy={signOut.isPending}
            onPress={() => {
              set.reset();
              signOut.mutate();
            }}
          >
            Sign out everywhere
          </BusyButton>
        </Action>
        <ResetUser userId={id} />
      </ul>
      {error && <Failure error={error} />}
      <Done>{set.isSuccess ? doneOf(set.variables) : signOut.isSuccess && 'Signed out everywhere.'}</Done>
    </>
  );
}

function doneOf({ name, value }: { readonly name: Switch; readonly value: boolean }): string {
  if (name === 'accountLocked') return value ? 'Locked.' : 'Unlocked.';
  return value ? 'Disabled.' : 'Enabled.';
}
