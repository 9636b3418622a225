import { Checkbox } from '@mantine/core';
import { answered, BusyButton, Failure, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Done } from '../page/done.tsx';
import { Loaded } from '../page/loaded.tsx';

type Role = RekeyApi['/users/{id}/roles']['put']['requestBody']['content']['application/json']['roles'][number];

const meanings: Readonly<Record<Role, string>> = {
  administrator: 'Everything here.',
  helpdesk: 'Finds users, starts resets and sees what became of mails; no settings.',
  auditor: 'Reads everything, changes nothing.',
  'recovery-client': 'A program that recovers passwords for others by the API.',
};
const roleNames = Object.keys(meanings) as Role[]; // Object.keys forgets which names there are
/** There is no asking for one user's: of those of a tenant that have one, there are few. */
const mostHolders = 1_000;

const holdersKey = ['roles'] as const;

export function UserRoles({ userId }: { readonly userId: string }) {
  const holders = useQuery({ queryKey: holdersKey, queryFn: async ({ signal }) => answered(rekey.GET('/roles', { params: { query: { limit: mostHolders } }, signal })) });
  return <Loaded query={holders}>{({ users }) => <RolesForm userId={userId} roles={users.find(({ id }) => id === userId)?.roles ?? []} />}</Loaded>;
}

function RolesForm({ userId, roles }: { readonly userId: string; readonly roles: readonly Role[] }) {
  const [wanted, setWanted] = useState<readonly Role[]>(roles);
  const queries = useQueryClient();
  const assign = useMutation({
    mutationFn: async () => answered(rekey.PUT('/users/{id}/roles', { params: { path: { id: userId } }, body: { roles: [...wanted] } })),
    onSuccess: async () => queries.invalidateQueries({ queryKey: holdersKey }),
  });
  const isSame = wanted.length === roles.length && wanted.every((role) => roles.includes(role));
  return (
    <form
      className="settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (!assign.isPending && !isSame) assign.mutate();
      }}
    >
      {roleNames.map((role) => (
        <Checkbox
          key={role}
          className="setting"
          label={role}
          description={meanings[role]}
          checked={wanted.includes(role)}
          onChange={({ currentTarget }) => {
            assign.reset();
            setWanted(currentTarget.checked ? [...wanted, role] : wanted.filter((other) => other !== role));
          }}
        />
      ))}
      <div className="form-end">
        <Done>{assign.isSuccess && 'Updated. They count from the next request on.'}</Done>
        {assign.isError && <Failure error={assign.error} />}
        <div className="form-buttons">
          <BusyButton busy={assign.isPending} resting={isSame}>
            Update roles
          </BusyButton>
        </div>
      </div>
    </form>
  );
}
