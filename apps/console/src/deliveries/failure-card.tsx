import { Anchor, Button } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FailureGroup } from './deliveries.ts';
import { addressOf } from './delivery-filter.ts';
import type { ReplayTarget } from './replay.ts';
import { StateBadge } from './state-badge.tsx';

interface FailureCardProps {
  readonly group: FailureGroup;
  readonly target: ReplayTarget;
  /** null: whoever looks may not. */
  readonly onReplay: ((target: ReplayTarget) => void) | null;
}

/** What failed alike. */
export function FailureCard({ group: { state, cause, count, oldestAt, newestAt, newest }, target, onReplay }: FailureCardProps) {
  const { t } = useTranslation('deliveries');
  const { number, moment } = useFormats();
  const show = t('group.show', { count });
  return (
    <li className="card">
      <div className="card-head">
        <div>
          <p className="failure-cause">
            <StateBadge state={state} /> {cause}
          </p>
          <p className="quiet">{t(`states.${state}.meaning`)}</p>
        </div>
        {onReplay && (
          <Button variant="default" size="sm" onClick={() => onReplay(target)} aria-label={t('replay.label', { what: target.name })}>
            {t('replay.count', { number: number(target.count) })}
          </Button>
        )}
      </div>
      <p>
        <strong>{t(state === 'DEAD' ? 'events' : 'mails', { count })}</strong>{' '}
        <span className="quiet">
          {count > 1 ? t('group.span', { from: moment(oldestAt), to: moment(newestAt) }) : moment(newestAt)}
        </span>
        {state !== 'DEAD' && (
          <>
            {' '}
            <Anchor component={Link} to={addressOf({ state, ...(cause !== null && { cause }) })} underline="always" aria-label={`${show}: ${cause ?? t(`states.${state}.label`)}`}>
              {show}
            </Anchor>
          </>
        )}
      </p>
      <details>
        <summary>{newest.length === count ? t('group.each') : t('group.newest', { count: newest.length })}</summary>
        <ul className="newest">
          {newest.map((id) => (
            <li key={id}>
              {state === 'DEAD' ? (
                <Anchor component={Link} to={`/dead-events/${id}`}>
                  {id}
                </Anchor>
              ) : (
                <Anchor component={Link} to={`/deliveries/${id}`}>
                  {id}
                </Anchor>
              )}
              {onReplay && (
                <Button variant="default" size="xs" onClick={() => onReplay({ name: t('replay.this'), count: 1, what: { id } })} aria-label={t('replay.label', { what: id })}>
                  {t('replay.submit')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
