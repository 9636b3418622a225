import { Code } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Empty } from '../page/empty.tsx';
import { Table } from '../page/table.tsx';
import type { ForcedReset } from './forced-resets.ts';

const explained = ['no-such-user', 'oneself', 'has-role'] as const;

/** How many were skipped, and how many a listener refused, by the reason. */
export function Reasons({ forcedReset: { reasons } }: { readonly forcedReset: ForcedReset }) {
  const { t } = useTranslation('forced-resets');
  const { number } = useFormats();
  const rows = [...rowsOf('failed', reasons.failed), ...rowsOf('skipped', reasons.skipped)];
  if (rows.length === 0) return <Empty title={t('reasons.empty.title')}>{t('reasons.empty.lead')}</Empty>;
  return (
    <Table label={t('reasons.title')} columns={[t('reasons.reason'), t('reasons.outcome'), t('reasons.users')]}>
      {rows.map(({ outcome, reason, users }) => {
        const known = explained.find((one) => one === reason);
        return (
          <tr key={`${outcome} ${reason}`}>
            <th scope="row">{known ? t(`reasons.meanings.${known}`) : <Code>{reason}</Code>}</th>
            <td>{t(`reasons.outcomes.${outcome}`)}</td>
            <td className="number">{number(users)}</td>
          </tr>
        );
      })}
    </Table>
  );
}

function rowsOf(outcome: 'failed' | 'skipped', users: Readonly<Record<string, number>>) {
  return Object.entries(users).map(([reason, count]) => ({ outcome, reason, users: count }));
}
