import { Badge, Title } from '@mantine/core';
import { answered, BusyButton, Failure, rekey, useFormats } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialogue } from '../deliveries/dialogue.tsx';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Table } from '../page/table.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { useRelays, type Relay } from './relays.ts';

/** The mail relays: whether each can be used, as every notification service sees it. */
export function RelaysPage() {
  const { t } = useTranslation('relays');
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={useRelays()}>
        {({ relays }) => (
          <ul className="failures">
            {relays.map((relay) => (
              <RelayCard key={relay.name} relay={relay} />
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

const colors = { closed: 'green', open: 'red', 'half-open': 'yellow' } as const;

function RelayCard({ relay: { name, host, port, priority, tls, signsIn, dkim, connections, mailsPerSecond, workers } }: { readonly relay: Relay }) {
  const { t } = useTranslation('relays');
  const { number, duration } = useFormats();
  const mayTry = useHasRole('administrator');
  return (
    <li className="failure">
      <Title order={2}>{name}</Title>
      <dl className="facts">
        <Fact name={t('address')}>{`${host}:${port}`}</Fact>
        <Fact name={t('priority')}>{t('priorityMeaning', { priority: number(priority) })}</Fact>
        <Fact name={t('security')}>{[t(`tls.${tls}`), signsIn ? t('signsIn') : t('signsNotIn'), dkim ? t('dkim') : t('noDkim')].join(' · ')}</Fact>
        <Fact name={t('limits')}>{[t('connections', { count: connections }), mailsPerSecond === null ? t('anyRate') : t('rate', { rate: number(mailsPerSecond) })].join(' · ')}</Fact>
      </dl>
      {workers.length === 0 ? (
        <p className="quiet">{t('noWorkers')}</p>
      ) : (
        <Table label={t('workers', { name })} columns={[t('worker'), t('state'), t('recent'), t('mean')]}>
          {workers.map(({ worker, circuit, since, reason, nextProbeAt, inFlight, sent, failed, meanMs }) => (
            <tr key={worker}>
              <th scope="row" className="person">
                {worker}
              </th>
              <td className="person">
                <Badge variant="light" color={colors[circuit]}>
                  {t(`circuit.${circuit}`)}
                </Badge>
                <span className="beside">
                  {t('since')} <Moment at={since} />
                </span>
                {reason !== null && (
                  <span className="beside">
                    <bdi>{reason}</bdi>
                  </span>
                )}
                {nextProbeAt !== null && (
                  <span className="beside">
                    {t('nextProbe')} <Moment at={nextProbeAt} />
                  </span>
                )}
              </td>
              <td className="number">
                {t('sent', { count: sent })}
                <span className="beside">{t('failed', { count: failed })}</span>
                <span className="beside">{t('inFlight', { count: inFlight })}</span>
              </td>
              <td className="number">{meanMs === null ? '–' : duration(meanMs)}</td>
            </tr>
          ))}
        </Table>
      )}
      {mayTry && <RelayTrial name={name} />}
    </li>
  );
}

function RelayTrial({ name }: { readonly name: string }) {
  const { t } = useTranslation('relays');
  const trial = useMutation({ mutationFn: async () => answered(rekey.POST('/relays/{name}/test', { params: { path: { name } } })) });
  return (
    <div className="trial">
      <BusyButton variant="default" size="sm" busy={trial.isPending} onPress={() => trial.mutate()}>
        {t('test', { name })}
      </BusyButton>
      <div role="status">{trial.data && <p>{trial.data.refusal === null ? t('works') : t('refused', { refusal: trial.data.refusal })}</p>}</div>
      {trial.data && <Dialogue lines={trial.data.dialogue} />}
      {trial.isError && <Failure error={trial.error} />}
    </div>
  );
}
