import { Anchor, Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Fact } from '../page/fact.tsx';
import type { Timeline } from './deliveries.ts';
import { addressOf } from './delivery-filter.ts';
import { StateBadge } from './state-badge.tsx';

/** Where a mail stands, and by what it is found elsewhere. */
export function MailFacts({ mail: { id, state, user, generation, messageId, traceId } }: { readonly mail: Timeline }) {
  const { t } = useTranslation('deliveries');
  return (
    <dl className="facts">
      <Fact name={t('state')}>
        <StateBadge state={state} /> {t(`states.${state}.meaning`)}
      </Fact>
      <Fact name={t('facts.user')}>
        <Anchor component={Link} to={addressOf({ user: user.id })}>
          {t('facts.allFor', { user: user.username })}
        </Anchor>
      </Fact>
      {generation > 0 && <Fact name={t('facts.link')}>{t('facts.linkNumber', { number: generation })}</Fact>}
      <Fact name={t('facts.messageId')}>
        <Code>{messageId}</Code>
      </Fact>
      <Fact name={t('facts.event')}>
        <Code>{id}</Code>
      </Fact>
      {traceId !== null && (
        <Fact name={t('facts.trace')}>
          <Code>{traceId}</Code>
        </Fact>
      )}
    </dl>
  );
}
