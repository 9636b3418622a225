import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Moment } from '../page/moment.tsx';
import type { SuppressedAddress } from './suppressed-addresses.ts';

interface AddressTableProps {
  readonly entries: readonly SuppressedAddress[];
  /** null: whoever looks may not. */
  readonly onRemove: ((entry: SuppressedAddress) => void) | null;
}

export function AddressTable({ entries, onRemove }: AddressTableProps) {
  const { t } = useTranslation('suppressed-addresses');
  return (
    <div className="scroll" role="region" aria-label={t('table.label')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('table.address')}</th>
            <th scope="col">{t('table.why')}</th>
            <th scope="col">{t('table.added')}</th>
            {onRemove && (
              <td>
                <span className="visually-hidden">{t('remove.submit')}</span>
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
                <span className="beside">{t(`kinds.${entry.kind}`)}</span>
              </td>
              <td>
                <Moment at={entry.addedAt} />
                <span className="beside">{t('table.by', { who: entry.addedBy })}</span>
              </td>
              {onRemove && (
                <td>
                  <Button variant="default" size="xs" onClick={() => onRemove(entry)} aria-label={t('remove.label', { address: entry.address })}>
                    {t('remove.submit')}
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
