import { Code } from '@mantine/core';
import { Empty } from '../page/empty.tsx';
import { Table } from '../page/table.tsx';
import type { ForcedReset } from './forced-resets.ts';

const meanings: Readonly<Record<string, string>> = {
  'no-such-user': 'Unknown, or deleted before their turn.',
  oneself: 'Whoever started it.',
  'has-role': 'The helpdesk resets nobody who has a role.',
};

/** How many were skipped, and how many a listener refused, by the reason. */
export function Reasons({ forcedReset: { reasons } }: { readonly forcedReset: ForcedReset }) {
  const rows = [...rowsOf('failed', reasons.failed), ...rowsOf('skipped', reasons.skipped)];
  if (rows.length === 0) return <Empty title="Nobody was left out">Whom a listener refuses, and who is skipped, is counted here with the reason.</Empty>;
  return (
    <Table label="Who was not reset" columns={['Reason', 'Outcome', 'Users']}>
      {rows.map(({ outcome, reason, users }) => (
        <tr key={`${outcome} ${reason}`}>
          <th scope="row">{meanings[reason] ?? <Code>{reason}</Code>}</th>
          <td>{outcome}</td>
          <td className="number">{users.toLocaleString()}</td>
        </tr>
      ))}
    </Table>
  );
}

function rowsOf(outcome: 'failed' | 'skipped', users: Readonly<Record<string, number>>) {
  return Object.entries(users).map(([reason, count]) => ({ outcome, reason, users: count }));
}
