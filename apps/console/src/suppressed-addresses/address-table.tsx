import { Button } from '@mantine/core';
import { Moment } from '../page/moment.tsx';
import type { SuppressedAddress } from './suppressed-addresses.ts';

interface AddressTableProps {
  readonly entries: readonly SuppressedAddress[];
  /** null: whoever looks may not. */
  readonly onRemove: ((entry: SuppressedAddress) => void) | null;
}

const kinds: Readonly<Record<SuppressedAddress['kind'], string>> = { hard: 'bounced', complaint: 'complaint', administrator: 'added by hand' };

export function AddressTable({ entries, onRemove }: AddressTableProps) {
  return (
    <div className="scroll" role="region" aria-label="Addresses" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Why</th>
            <th scope="col">Added</th>
            {onRemove && (
              <td>
                <span className="visually-hidden">Remove</span>
              </td>
            )}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <th scope="row" className="person">{entry.address}</th>
              <td className="person">
                {entry.reason}
                <span className="beside">{kinds[entry.kind]}</span>
              </td>
              <td>
                <Moment at={entry.addedAt} />
                <span className="beside">by {entry.addedBy}</span>
              </td>
              {onRemove && (
                <td>
                  <Button variant="default" size="xs" onClick={() => onRemove(entry)} aria-label={`Remove ${entry.address}`}>
                    Remove
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
