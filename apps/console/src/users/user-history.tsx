import { Code } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import { useActivity, type Activity } from './user-activity.ts';
import { UserRecoveries } from './user-recoveries.tsx';

/** The links and codes of an account, and what was done to it. */
export function UserHistory({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const [after, setAfter] = useState<string | null>(null);
  const activity = useActivity(userId, after);
  return (
    <Loaded query={activity}>
      {({ recoveries, records, next }) => (
        <>
          {recoveries.length === 0 ? <p className="quiet">{t('history.noLinks')}</p> : <UserRecoveries recoveries={recoveries} readAt={activity.dataUpdatedAt} />}
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
