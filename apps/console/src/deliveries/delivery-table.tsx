import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Moment } from '../page/moment.tsx';
import type { Delivery } from './deliveries.ts';
import { StateBadge } from './state-badge.tsx';

export function DeliveryTable({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <div className="scroll" role="region" aria-label="Mails" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Mail</th>
            <th scope="col">State</th>
            <th scope="col">For</th>
            <th scope="col">Accepted</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ id, reference, templateType, state, cause, user, recipient, acceptedAt, attempts }) => (
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
                <span className="beside">{attemptsOf(attempts)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function attemptsOf(count: number): string {
  if (count === 0) return 'not tried yet';
  return count === 1 ? '1 attempt' : `${count} attempts`;
}
