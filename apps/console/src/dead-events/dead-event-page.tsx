import { Anchor, Badge, Code, Title } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { DeadEventActions } from './dead-event-actions.tsx';
import { useDeadEvent, type DeadEvent } from './dead-events.ts';

export function DeadEventPage() {
  const { t } = useTranslation('dead-events');
  const { id = '' } = useParams();
  return (
    <>
      <Anchor component={Link} to="/dead-events" className="way-back">
        {t('back')}
      </Anchor>
      <PageTitle lead={t('leadOne')}>{t('titleOne')}</PageTitle>
      <Loaded query={useDeadEvent(id)}>{(event) => <Shown event={event} />}</Loaded>
    </>
  );
}

function Shown({ event }: { readonly event: DeadEvent }) {
  const { t } = useTranslation('dead-events');
  const { number } = useFormats();
  const { id, state, reason, type, publisher, published, key, headers, bytes, timesSeen, firstAt, lastAt, replayedAt, replayedBy, discardedAt, discardedBy, discardReason } = event;
  const mayDecide = useHasRole('administrator');
  return (
    <>
      <dl className="facts">
        <Fact name={t('reason')}>
          <bdi>{reason}</bdi>
        </Fact>
        <Fact name={t('stateName')}>
          <Badge variant="light" color={state === 'open' ? 'red' : 'gray'}>
            {t(`state.${state}`)}
          </Badge>
        </Fact>
        {replayedAt !== null && (
          <Fact name={t('state.replayed')}>
            <Moment at={replayedAt} /> · {replayedBy}
          </Fact>
        )}
        {discardedAt !== null && (
          <Fact name={t('state.discarded')}>
            <Moment at={discardedAt} /> · {discardedBy} · {discardReason}
          </Fact>
        )}
        <Fact name={t('type')}>{type ?? t('noType')}</Fact>
        <Fact name={t('publisher')}>{publisher ? `${publisher.source} (${publisher.listed ? t('listed') : t('unlisted')})` : t('noPublisher')}</Fact>
        <Fact name={t('place')}>
          <Code>{`${published.topic} ${published.partition}/${published.offset}`}</Code>
        </Fact>
        <Fact name={t('key')}>{key === null ? '–' : <Code>{key}</Code>}</Fact>
        <Fact name={t('size')}>{bytes === null ? t('noData') : t('bytes', { bytes: number(bytes) })}</Fact>
        <Fact name={t('first')}>
          <Moment at={firstAt} />
        </Fact>
        <Fact name={t('last')}>
          <Moment at={lastAt} /> · {t('seen', { count: timesSeen })}
        </Fact>
        <Fact name={t('id')}>
          <Code>{id}</Code>
        </Fact>
      </dl>
      {mayDecide && state !== 'replayed' && <DeadEventActions event={event} />}
      <section className="block">
        <Title order={2}>{t('headers')}</Title>
        <Table label={t('headers')} columns={[t('header'), t('value')]}>
          {Object.entries(headers).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" className="person">
                {name}
              </th>
              <td className="person">
                <code dir="auto">{value}</code>
              </td>
            </tr>
          ))}
        </Table>
      </section>
    </>
  );
}
