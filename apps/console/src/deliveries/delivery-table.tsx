import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Moment } from '../page/moment.tsx';
import type { Delivery } from './deliveries.ts';
import { StateBadge } from './state-badge.tsx';

export function DeliveryTable({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  const { t } = useTranslation('deliveries');
  return (
    <div className="scroll" role="region" aria-label={t('table.label')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('table.mail')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('table.for')}</th>
            <th scope="col">{t('table.accepted')}</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ id, reference, templateType, state, cause, user, recipient, acceptedAt, finishedAt, attempts }) => (
            <tr key={id}>
              <th scope="row">
                <Anchor component={Link} to={`/deliveries/${id}`} className="reference">
                  {reference}
                </Anchor>
                <span className="beside">{templateType}</span>
              </th>
              <td>
                <StateBadge state={state} />
                {cause !== null && <span className="beside">{cause}</span>}
              </td>
              <td className="person">
                {user.username}
                <span className="beside">{recipient}</span>
              </td>
              <td>
                <Moment at={acceptedAt} />
                <span className="beside">{attempts === 0 ? t(finishedAt === null ? 'table.notTriedYet' : 'table.notTried') : t('table.attempts', { count: attempts })}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
