import { Checkbox } from '@mantine/core';
import { answered, BusyButton, Failure, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { Loaded } from '../page/loaded.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { userKey } from './users.ts';

type Role = RekeyApi['/users/{id}/roles']['put']['requestBody']['content']['application/json']['roles'][number];

const roleNames: readonly Role[] = ['administrator', 'helpdesk', 'auditor', 'recovery-client'];
const rolesKey = (userId: string) => [...userKey(userId), 'roles'] as const;

export function UserRoles({ userId }: { readonly userId: string }) {
  const query = useQuery({ queryKey: rolesKey(userId), queryFn: async ({ signal }) => answered(rekey.GET('/users/{id}/roles', { params: { path: { id: userId } }, signal })) });
  return <Loaded query={query}>{({ roles }) => <RolesForm userId={userId} roles={roles} />}</Loaded>;
}

function RolesForm({ userId, roles }: { readonly userId: string; readonly roles: readonly Role[] }) {
  const { t } = useTranslation('users');
  const isAdministrator = useHasRole('administrator');
  const [wanted, setWanted] = useState<readonly Role[]>(roles);
  const queries = useQueryClient();
  const assign = useMutation({
    mutationFn: async () => answered(rekey.PUT('/users/{id}/roles', { params: { path: { id: userId } }, body: { roles: [...wanted] } })),
    onSuccess: (assigned) => queries.setQueryData(rolesKey(userId), assigned),
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
      <fieldset className="fields" disabled={!isAdministrator}>
        {roleNames.map((role) => (
          <Checkbox
            key={role}
            className="setting"
            label={role}
            description={t(`roles.${role}`)}
            checked={wanted.includes(role)}
            onChange={({ currentTarget }) => {
              assign.reset();
              setWanted(currentTarget.checked ? [...wanted, role] : wanted.filter((other) => other !== role));
            }}
          />
        ))}
      </fieldset>
      {isAdministrator && (
        <div className="form-end">
          <Done>{assign.isSuccess && t('roles.updated')}</Done>
          {assign.isError && <Failure error={assign.error} />}
          <div className="form-buttons">
            <BusyButton busy={assign.isPending} resting={isSame}>
              {t('roles.update')}
            </BusyButton>
          </div>
        </div>
      )}
    </form>
  );
}
