import { Title } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { RelayTrial } from './relay-trial.tsx';
import { RelayWorkers } from './relay-workers.tsx';
import { useRelays, type Relay } from './relays.ts';

/** The mail relays: whether each can be used, as every notification service sees it. */
export function RelaysPage() {
  const { t } = useTranslation('relays');
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <Loaded query={useRelays()}>
        {({ relays }) => (
          <ul className="cards">
            {relays.map((relay) => (
              <RelayCard key={relay.name} relay={relay} />
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

function RelayCard({ relay: { name, host, port, priority, tls, signsIn, dkim, connections, mailsPerSecond, workers } }: { readonly relay: Relay }) {
  const { t } = useTranslation('relays');
  const { number } = useFormats();
  const mayTry = useHasRole('administrator');
  return (
    <li className="card">
      <Title order={2}>{name}</Title>
      <dl className="facts">
        <Fact name={t('address')}>{`${host}:${port}`}</Fact>
        <Fact name={t('priority')}>{t('priorityMeaning', { priority: number(priority) })}</Fact>
        <Fact name={t('security')}>{[t(`tls.${tls}`), signsIn ? t('signsIn') : t('signsNotIn'), dkim ? t('dkim') : t('noDkim')].join(' · ')}</Fact>
        <Fact name={t('limits')}>{[t('connections', { count: connections }), mailsPerSecond === null ? t('anyRate') : t('rate', { rate: number(mailsPerSecond) })].join(' · ')}</Fact>
      </dl>
      <RelayWorkers name={name} workers={workers} />
      {mayTry && <RelayTrial name={name} />}
    </li>
  );
}
