import { Stack } from '@mantine/core';
import { BusyButton, sessionKey, useFormats, Waiting } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { account, sessionsKey, type OwnSession } from './account-client.ts';
import { deviceOf } from './device-words.ts';

export function SessionsPage() {
  const { t } = useTranslation('account');
  const sessions = useQuery({ queryKey: sessionsKey, queryFn: account.sessions });
  const end = useEnding();
  const told = useRef<HTMLDivElement>(null);
  // What was pressed is gone with the session.
  useEffect(() => {
    if (end.isSuccess) told.current?.focus();
  }, [end.isSuccess, end.submittedAt]);
  const hasOthers = sessions.data?.some(({ current }) => !current) ?? false;
  return (
    <Stack gap="lg">
      <Heading title={t('sessions.title')} lead={t('sessions.lead')} />
      {sessions.isPending && <Waiting />}
      {sessions.isError && <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {end.isError && <Failure error={end.error} />}
      <ul className="list">
        {sessions.data?.map((session) => (
          <li key={session.id}>
            <SessionLines session={session} />
            {!session.current && (
              <BusyButton size="sm" variant="default" busy={end.isPending && end.variables === session.id} onPress={() => end.mutate(session.id)}>
                {t('sessions.end')}
              </BusyButton>
            )}
          </li>
        ))}
      </ul>
      <div role="status" ref={told} tabIndex={-1} className="result">
        {end.isSuccess && t('sessions.ended')}
      </div>
      {sessions.data && (
        <div className="actions">
          {hasOthers && (
            <BusyButton variant="default" busy={end.isPending && end.variables === 'others'} onPress={() => end.mutate('others')}>
              {t('sessions.endOthers')}
            </BusyButton>
          )}
          <BusyButton variant="default" busy={end.isPending && end.variables === 'all'} onPress={() => end.mutate('all')}>
            {t('sessions.endAll')}
          </BusyButton>
        </div>
      )}
    </Stack>
  );
}

function SessionLines({ session: { userAgent, current, createdAt, lastSeenAt } }: { readonly session: OwnSession }) {
  const { t } = useTranslation('account');
  const { moment } = useFormats();
  return (
    <div>
      <p className="fact">
        <span title={userAgent ?? undefined}>{deviceText(userAgent, t)}</span>
        {current && <span className="tag" data-good>{t('sessions.this')}</span>}
      </p>
      <p className="when">{t('sessions.times', { seen: moment(lastSeenAt), since: moment(createdAt) })}</p>
    </div>
  );
}

function deviceText(userAgent: string | null, t: TFunction<'account'>): string {
  const { browser, system } = deviceOf(userAgent);
  if (browser && system) return t('sessions.device', { browser, system });
  return browser ?? system ?? t('sessions.unknown');
}

/** @returns a mutation of a session's id, `others` or `all` */
function useEnding() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (which: string) => (which === 'all' || which === 'others' ? account.endSessions(which === 'others') : account.endSession(which)),
    onSuccess: async (_, which) => queries.invalidateQueries({ queryKey: which === 'all' ? sessionKey : sessionsKey }),
  });
}
