import { Badge } from '@mantine/core';
import { answered, BusyButton, Failure, rekey, type RekeyApi } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';

type Webhook = RekeyApi['/webhooks']['get']['responses']['200']['content']['application/json']['webhooks'][number];

const webhooksKey = ['webhooks'] as const;
const everyMs = 5_000;
const colors = { on: 'green', off: 'gray', gone: 'red' } as const;

/** Who is told over HTTP what came of mails, and how that goes. */
export function WebhooksPage() {
  const { t } = useTranslation('webhooks');
  const webhooks = useQuery({ queryKey: webhooksKey, queryFn: async ({ signal }) => answered(rekey.GET('/webhooks', { signal })), refetchInterval: everyMs });
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={webhooks}>
        {({ webhooks: known }) =>
          known.length === 0 ? (
            <Empty title={t('none')}>{t('noneMeaning')}</Empty>
          ) : (
            <Table label={t('title')} columns={[t('webhook'), t('state'), t('waiting'), t('taken')]}>
              {known.map((webhook) => (
                <WebhookRow key={webhook.name} webhook={webhook} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </>
  );
}

function WebhookRow({ webhook: { name, host, events, state, goneSince, waiting, oldestWaitingAt, lastError, lastTakenAt, takenInLastHour, givenUpInLastDay } }: { readonly webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const mayEnable = useHasRole('administrator');
  return (
    <tr>
      <th scope="row" className="person">
        {name}
        <span className="beside">{host}</span>
        <span className="beside">{events.join(', ')}</span>
      </th>
      <td className="person">
        <Badge variant="light" color={colors[state]}>
          {t(`is.${state}`)}
        </Badge>
        {goneSince !== null && (
          <span className="beside">
            {t('since')} <Moment at={goneSince} />
          </span>
        )}
        {state === 'gone' && mayEnable && <Enabling name={name} />}
      </td>
      <td className="person">
        {t('outcomes', { count: waiting })}
        {oldestWaitingAt !== null && (
          <span className="beside">
            {t('since')} <Moment at={oldestWaitingAt} />
          </span>
        )}
        {lastError !== null && (
          <span className="beside">
            <bdi>{lastError}</bdi>
          </span>
        )}
      </td>
      <td>
        {lastTakenAt === null ? t('never') : <Moment at={lastTakenAt} />}
        <span className="beside">{t('takenInLastHour', { count: takenInLastHour })}</span>
        {givenUpInLastDay > 0 && <span className="beside">{t('givenUp', { count: givenUpInLastDay })}</span>}
      </td>
    </tr>
  );
}

function Enabling({ name }: { readonly name: string }) {
  const { t } = useTranslation('webhooks');
  const queries = useQueryClient();
  const enable = useMutation({ mutationFn: async () => answered(rekey.POST('/webhooks/{name}/enable', { params: { path: { name } } })), onSuccess: async () => queries.invalidateQueries({ queryKey: webhooksKey }) });
  return (
    <>
      <BusyButton variant="default" size="sm" busy={enable.isPending} onPress={() => enable.mutate()}>
        {t('enable', { name })}
      </BusyButton>
      {enable.isError && <Failure error={enable.error} />}
    </>
  );
}
