import { Anchor, Button } from '@mantine/core';
import { Link } from 'react-router';
import { Moment } from '../page/moment.tsx';
import type { FailureGroup } from './deliveries.ts';
import { addressOf } from './delivery-filter.ts';
import { mailsOf, type ReplayTarget } from './replay.ts';
import { StateBadge } from './state-badge.tsx';
import { shownState } from './states.ts';

interface FailureCardProps {
  readonly group: FailureGroup;
  readonly target: ReplayTarget;
  /** null: whoever looks may not. */
  readonly onReplay: ((target: ReplayTarget) => void) | null;
}

/** What failed alike. */
export function FailureCard({ group: { state, cause, count, oldestAt, newestAt, newest }, target, onReplay }: FailureCardProps) {
  const { label, meaning } = shownState(state);
  const show = count === 1 ? 'Show it' : 'Show them';
  return (
    <li className="failure">
      <div className="failure-head">
        <div>
          <p className="failure-cause">
            <StateBadge state={state} /> {cause}
          </p>
          <p className="quiet">{meaning}</p>
        </div>
        {onReplay && (
          <Button variant="default" size="sm" onClick={() => onReplay(target)} aria-label={`Replay ${target.name}`}>
            Replay {target.count.toLocaleString()}
          </Button>
        )}
      </div>
      <p>
        <strong>{mailsOf(count)}</strong>{' '}
        <span className="quiet">
          {count > 1 && <>from <Moment at={oldestAt} /> to </>}
          <Moment at={newestAt} />
        </span>
        {state !== 'DEAD' && (
          <>
            {' '}
            <Anchor component={Link} to={addressOf({ state, ...(cause !== null && { cause }) })} underline="always" aria-label={`${show}: ${cause ?? label}`}>
              {show}
            </Anchor>
          </>
        )}
      </p>
      <details>
        <summary>{newest.length === count ? 'One by one' : `The newest ${newest.length}, one by one`}</summary>
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
                <Button variant="default" size="xs" onClick={() => onReplay({ name: 'this mail', count: 1, what: { id } })} aria-label={`Replay ${id}`}>
                  Replay
                </Button>
              )}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
