import { Badge } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import type { Relay } from './relays.ts';

const colors = { closed: 'green', open: 'red', 'half-open': 'yellow' } as const;

/** A relay as each notification service sees it: its circuit, and what it has taken of late. */
export function RelayWorkers({ name, workers }: Pick<Relay, 'name' | 'workers'>) {
  const { t } = useTranslation('relays');
  const { duration } = useFormats();
  if (workers.length === 0) return <p className="quiet">{t('noWorkers')}</p>;
  return (
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
  );
}
