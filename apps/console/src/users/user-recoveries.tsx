import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import type { Activity } from './user-activity.ts';

type Recovery = Activity['recoveries'][number];

/** The newest link or code for each purpose, and whether it is live. */
export function UserRecoveries({ recoveries, readAt }: { readonly recoveries: readonly Recovery[]; readonly readAt: number }) {
  const { t } = useTranslation('users');
  return (
    <Table label={t('history.recoveries')} columns={[t('history.recoveries'), t('columns.state'), t('history.issued'), t('history.expires')]}>
      {recoveries.map((recovery) => (
        <tr key={recovery.purpose}>
          <th scope="row">{t(`history.purpose.${recovery.purpose}`)}</th>
          <td>
            <RecoveryState recovery={recovery} readAt={readAt} />
          </td>
          <td>
            <Moment at={recovery.issuedAt} />
          </td>
          <td>
            <Moment at={recovery.expiresAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RecoveryState({ recovery: { usedAt, voidedAt, expiresAt }, readAt }: { readonly recovery: Recovery; readonly readAt: number }) {
  const { t } = useTranslation('users');
  const state = usedAt !== null ? 'used' : voidedAt !== null ? 'voided' : Date.parse(expiresAt) < readAt ? 'expired' : 'live';
  return (
    <Badge variant="light" color={state === 'live' ? 'green' : 'gray'}>
      {t(`history.${state}`)}
    </Badge>
  );
}
