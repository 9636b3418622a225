import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { StateBadge } from '../deliveries/state-badge.tsx';
import { useTestDelivery } from './templates.ts';

/** What becomes of a test mail, until it has ended. */
export function TestOutcome({ reference }: { readonly reference: string }) {
  const { t } = useTranslation('templates');
  const { data: delivery } = useTestDelivery(reference);
  return (
    <div role="status" className="test-outcome">
      <span>{t('testMail', { reference })}</span>
      {delivery ? <StateBadge state={delivery.state} /> : <span className="quiet">{t('onItsWay')}</span>}
      {delivery && (
        <Anchor component={Link} to={`/deliveries/${delivery.id}`} underline="always">
          {t('follow')}
        </Anchor>
      )}
    </div>
  );
}
