import { Anchor, Code } from '@mantine/core';
import { Link } from 'react-router';
import { Fact } from '../page/fact.tsx';
import type { Timeline } from './deliveries.ts';
import { addressOf } from './delivery-filter.ts';
import { StateBadge } from './state-badge.tsx';
import { states } from './states.ts';

/** Where a mail stands, and by what it is found elsewhere. */
export function MailFacts({ mail: { id, state, user, generation, messageId, traceId } }: { readonly mail: Timeline }) {
  return (
    <dl className="facts">
      <Fact name="State">
        <StateBadge state={state} /> {states[state].meaning}
      </Fact>
      <Fact name="User">
        <Anchor component={Link} to={addressOf({ user: user.id })}>
          All mails for {user.username}
        </Anchor>
      </Fact>
      {generation > 0 && <Fact name="Link">Number {generation} of this user’s; only the newest works.</Fact>}
      <Fact name="Message-ID">
        <Code>{messageId}</Code>
      </Fact>
      <Fact name="Event">
        <Code>{id}</Code>
      </Fact>
      {traceId !== null && (
        <Fact name="Trace">
          <Code>{traceId}</Code>
        </Fact>
      )}
    </dl>
  );
}
