import { Badge, Code } from '@mantine/core';
import { answered, BusyButton, rekey, type RekeyApi } from '@rekey/web';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import { userKey } from './users.ts';

type Activity = RekeyApi['/users/{id}/activity']['get']['responses']['200']['content']['application/json'];
type Recovery = Activity['recoveries'][number];

/** The links and codes of an account, and what was done to it. */
export function UserHistory({ userId: id }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const [after, setAfter] = useState<string | null>(null);
  const activity = useQuery({
    queryKey: [...userKey(id), 'activity', after],
    queryFn: async ({ signal }) => answered(rekey.GET('/users/{id}/activity', { params: { path: { id }, query: after === null ? {} : { after } }, signal })),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={activity}>
      {({ recoveries, records, next }) => (
        <>
          {recoveries.length === 0 ? <p className="quiet">{t('history.noLinks')}</p> : <Recoveries recoveries={recoveries} readAt={activity.dataUpdatedAt} />}
          {records.length === 0 ? <Empty title={t('history.none')} /> : <Records records={records} />}
          {(after !== null || next !== null) && (
            <div className="paging">
              <BusyButton variant="default" size="sm" busy={false} resting={after === null} onPress={() => setAfter(null)}>
                {t('history.newest')}
              </BusyButton>
              <BusyButton variant="default" size="sm" busy={activity.isFetching} resting={next === null} onPress={() => setAfter(next)}>
                {t('history.more')}
              </BusyButton>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Recoveries({ recoveries, readAt }: { readonly recoveries: readonly Recovery[]; readonly readAt: number }) {
  const { t } = useTranslation('users');
  return (
    <Table label={t('history.recoveries')} columns={[t('history.recoveries'), t('columns.state'), t('history.issued'), t('history.expires')]}>
      {recoveries.map((recovery) => (
        <tr key={recovery.purpose}>
          <th scope="row">{t(`history.purpose.${recovery.purpose}`)}</th>
          <td>
            <RecoveryState recovery={recovery} readAt={readAt} />
          </td>
          <td>
            <Moment at={recovery.issuedAt} />
          </td>
          <td>
            <Moment at={recovery.expiresAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RecoveryState({ recovery: { usedAt, voidedAt, expiresAt }, readAt }: { readonly recovery: Recovery; readonly readAt: number }) {
  const { t } = useTranslation('users');
  const state = usedAt !== null ? 'used' : voidedAt !== null ? 'voided' : Date.parse(expiresAt) < readAt ? 'expired' : 'live';
  return (
    <Badge variant="light" color={state === 'live' ? 'green' : 'gray'}>
      {t(`history.${state}`)}
    </Badge>
  );
}

function Records({ records }: { readonly records: Activity['records'] }) {
  const { t } = useTranslation('users');
  return (
    <Table label={t('history.records')} columns={[t('history.when'), t('history.what'), t('history.by'), t('history.outcome')]}>
      {records.map(({ at, operation, outcome, actor, changed }, index) => (
        <tr key={`${at} ${index}`}>
          <td>
            <Moment at={at} />
          </td>
          <th scope="row">
            {operation}
            {changed.length > 0 && <span className="beside">{changed.join(', ')}</span>}
          </th>
          <td>{actor ?? <span className="quiet">{t('history.self')}</span>}</td>
          <td>
            <Code>{outcome}</Code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
