import { answered, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { userKey } from './users.ts';

/** Where a user is signed in, to be ended one by one or all at once. */
export function UserSessions({ userId: id }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const isAdministrator = useHasRole('administrator');
  const queries = useQueryClient();
  const queryKey = [...userKey(id), 'sessions'];
  const sessions = useQuery({ queryKey, queryFn: async ({ signal }) => answered(rekey.GET('/users/{id}/sessions', { params: { path: { id } }, signal })) });
  const end = useMutation({
    mutationFn: async (sessionId: string | null) => answered(sessionId === null ? rekey.DELETE('/users/{id}/sessions', { params: { path: { id } } }) : rekey.DELETE('/users/{id}/sessions/{sessionId}', { params: { path: { id, sessionId } } })),
    onSettled: async () => queries.invalidateQueries({ queryKey }),
  });
  return (
    <Loaded query={sessions}>
      {({ sessions: open }) => (
        <>
          {open.length === 0 ? (
            <Empty title={t('sessions.none')} />
          ) : (
            <Table label={t('page.sessions')} columns={[t('sessions.browser'), t('sessions.since'), t('sessions.seen'), ...(isAdministrator ? [t('sessions.end')] : [])]}>
              {open.map(({ id: sessionId, userAgent, createdAt, lastSeenAt }) => (
                <tr key={sessionId}>
                  <th scope="row" className="user-agent">
                    {userAgent ?? t('sessions.unknown')}
                  </th>
                  <td>
                    <Moment at={createdAt} />
                  </td>
                  <td>
                    <Moment at={lastSeenAt} />
                  </td>
                  {isAdministrator && (
                    <td>
                      <BusyButton variant="default" size="sm" busy={end.isPending && end.variables === sessionId} onPress={() => end.mutate(sessionId)}>
                        {t('sessions.end')}
                      </BusyButton>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )}
          {isAdministrator && open.length > 0 && (
            <div className="form-buttons">
              <BusyButton variant="default" size="sm" busy={end.isPending && end.variables === null} onPress={() => end.mutate(null)}>
                {t('sessions.endAll')}
              </BusyButton>
            </div>
          )}
          {end.isError && <Failure error={end.error} />}
          <Done>{end.isSuccess && t(end.variables === null ? 'sessions.endedAll' : 'sessions.ended')}</Done>
        </>
      )}
    </Loaded>
  );
}
