import { answered, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Action } from '../page/action.tsx';
import { Done } from '../page/done.tsx';
import { ResetUser } from './reset-user.tsx';
import { patchOf, userKey, usersKey, wso2Schema, type User } from './users.ts';

type Switch = 'accountLocked' | 'accountDisabled';

/** By switch and state: what can be done, what that means, and that it was done. */
const words = {
  accountLocked: { true: ['actions.unlock', 'actions.unlockMeaning', 'actions.unlocked'], false: ['actions.lock', 'actions.lockMeaning', 'actions.locked'] },
  accountDisabled: { true: ['actions.enable', 'actions.enableMeaning', 'actions.enabled'], false: ['actions.disable', 'actions.disableMeaning', 'actions.disabled'] },
} as const;

interface UserActionsProps {
  readonly user: User;
  /** Starting a reset is the helpdesk's too; the rest is administrators' alone. */
  readonly isAdministrator: boolean;
}

/** What is done to one account. Each says the state that it brings about: sent twice, it does no more than once. */
export function UserActions({ user, isAdministrator }: UserActionsProps) {
  const { t } = useTranslation('users');
  const { id } = user;
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: async ({ name, value }: { readonly name: Switch; readonly value: boolean }) => answered(scim.PATCH('/Users/{id}', { params: { path: { id } }, body: patchOf([{ op: 'replace', path: `${wso2Schema}:${name}`, value }]) })),
    onSuccess: (changed) => {
      queries.setQueryData(userKey(id), changed);
      void queries.invalidateQueries({ queryKey: [...usersKey, 'found'] });
      void queries.invalidateQueries({ queryKey: userKey(id), exact: false, refetchType: 'active', predicate: ({ queryKey }) => queryKey.length > userKey(id).length });
    },
  });
  const switches = isAdministrator ? (['accountLocked', 'accountDisabled'] as const) : [];
  return (
    <>
      <ul className="choices">
        {switches.map((name) => {
          const isOn = user[wso2Schema]?.[name] ?? false;
          const [title, meaning] = words[name][`${isOn}`];
          return (
            <Action key={name} title={t(title)} meaning={t(meaning)}>
              <BusyButton variant="default" size="sm" busy={set.isPending && set.variables.name === name} onPress={() => set.mutate({ name, value: !isOn })}>
                {t(title)}
              </BusyButton>
            </Action>
          );
        })}
        <ResetUser userId={id} />
      </ul>
      {set.error && <Failure error={set.error} />}
      <Done>{set.isSuccess && t(words[set.variables.name][`${!set.variables.value}`][2])}</Done>
    </>
  );
}
