import { Stack } from '@mantine/core';
import { BusyButton, useFormats, Waiting } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { account, type OwnActivity } from './account-client.ts';

/** What the pages have words for; the rest is rare, and told by its name. */
const told = ['authenticate', 'addUser', 'updateCredential', 'updateCredentialByAdmin', 'setClaims', 'requestAddress', 'validateKey', 'handOverKey', 'endSessions', 'assignRoles', 'exportUser'] as const;

/** The most that the server tells at once. */
const mostShown = 100;

export function ActivityPage() {
  const { t } = useTranslation('account');
  const [limit, setLimit] = useState(20);
  // What was shown stays while more is asked for.
  const activity = useQuery({ queryKey: ['activity', limit], queryFn: async () => account.activity(limit), placeholderData: (shown) => shown });
  const { recoveries = [], records = [], next = null } = activity.data ?? {};
  const lines = [
    ...recoveries.map((recovery) => ({ at: recovery.issuedAt, line: <RecoveryLine key={recovery.purpose} recovery={recovery} seenAt={activity.dataUpdatedAt} /> })),
    ...records.map((record, index) => ({ at: record.at, line: <RecordLine key={`${record.at} ${index}`} record={record} /> })),
  ].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return (
    <Stack gap="lg">
      <Heading title={t('activity.title')} lead={t('activity.lead')} />
      {activity.isPending && <Waiting />}
      {activity.isError && <Failure error={activity.error} onRetry={() => void activity.refetch()} />}
      {activity.data && lines.length === 0 && <p className="empty">{t('activity.none')}</p>}
      <ul className="list">{lines.map(({ line }) => line)}</ul>
      {next !== null && limit < mostShown && (
        <BusyButton variant="default" busy={activity.isPlaceholderData} onPress={() => setLimit(mostShown)}>
          {t('activity.more')}
        </BusyButton>
      )}
    </Stack>
  );
}

/** @param seenAt when that was so, in milliseconds since 1970 */
function RecoveryLine({ recovery: { purpose, issuedAt, usedAt, voidedAt, expiresAt }, seenAt }: { readonly recovery: OwnActivity['recoveries'][number]; readonly seenAt: number }) {
  const { t } = useTranslation('account');
  const { moment } = useFormats();
  const state = usedAt !== null ? 'used' : voidedAt !== null ? 'void' : Date.parse(expiresAt) <= seenAt ? 'expired' : 'live';
  return (
    <li>
      <div>
        <p className="fact">
          {t(`activity.mailed.${purpose}`)} <span className="tag" data-good={state === 'live' || undefined}>{t(`activity.key.${state}`)}</span>
        </p>
        <p className="when">{moment(issuedAt)}</p>
      </div>
    </li>
  );
}

function RecordLine({ record: { operation, outcome, by, at } }: { readonly record: OwnActivity['records'][number] }) {
  const { t } = useTranslation('account');
  const { moment } = useFormats();
  return (
    <li>
      <div>
        <p className="fact">
          {operationText(operation, t)} {outcome !== 'done' && <span className="tag" data-bad>{t('activity.refused')}</span>}
        </p>
        <p className="when">
          {moment(at)}
          {by !== null && ` · ${t(by === 'oneself' ? 'activity.byOneself' : 'activity.bySomebodyElse')}`}
        </p>
      </div>
    </li>
  );
}

function operationText(operation: string, t: TFunction<'account'>): string {
  const known = told.find((name) => name === operation);
  return known ? t(`activity.operations.${known}`) : operation;
}
