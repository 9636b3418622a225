import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { KeysetPaging } from '../page/keyset-paging.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Table } from '../page/table.tsx';
import { deadStates, stateOf, useDeadEvents } from './dead-events.ts';

/** What came in and could not be read. */
export function DeadEventsPage() {
  const { t } = useTranslation('dead-events');
  const [address] = useSearchParams();
  const state = stateOf(address.get('state'));
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <nav className="ranges" aria-label={t('states')}>
        {deadStates.map((choice) => (
          <Anchor key={choice} component={Link} to={`?state=${choice}`} aria-current={choice === state ? 'true' : undefined}>
            {t(`state.${choice}`)}
          </Anchor>
        ))}
      </nav>
      <Loaded query={useDeadEvents(state, address.get('after'))}>
        {({ events, next }) => (
          <>
            {events.length === 0 ? (
              <Empty title={t(`empty.${state}`)} />
            ) : (
              <Table label={t('title')} columns={[t('event'), t('reason'), t('publisher'), t('first')]}>
                {events.map(({ id, type, reason, publisher, firstAt, timesSeen }) => (
                  <tr key={id}>
                    <th scope="row" className="person">
                      <Anchor component={Link} to={`/dead-events/${id}`}>
                        {type ?? t('noType')}
                      </Anchor>
                      <span className="beside">{id}</span>
                    </th>
                    <td className="person">
                      <bdi>{reason}</bdi>
                    </td>
                    <td className="person">
                      {publisher ? <bdi>{publisher.source}</bdi> : t('noPublisher')}
                      {publisher && <span className="beside">{publisher.listed ? t('listed') : t('unlisted')}</span>}
                    </td>
                    <td>
                      <Moment at={firstAt} />
                      <span className="beside">{t('seen', { count: timesSeen })}</span>
                    </td>
                  </tr>
                ))}
              </Table>
            )}
            <KeysetPaging next={next} />
          </>
        )}
      </Loaded>
    </>
  );
}
