import { Anchor, Code } from '@mantine/core';
import type { RekeyApi } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Table } from '../page/table.tsx';

export type ConfigurationValue = RekeyApi['/configuration']['get']['responses']['200']['content']['application/json']['values'][number];

interface ValueTableProps {
  readonly label: string;
  readonly values: readonly ConfigurationValue[];
}

/** The keys of one table of the file. */
export function ValueTable({ label, values }: ValueTableProps) {
  const { t } = useTranslation('configuration');
  return (
    <Table label={label} columns={[t('columns.key'), t('columns.value'), t('columns.source'), t('columns.counts')]}>
      {values.map((value) => (
        <tr key={value.key}>
          <th scope="row" className="toml-key">
            {value.table === '' ? value.key : value.key.slice(value.table.length + 1)}
          </th>
          <td className="toml-value">
            <Value value={value} />
            {value.pending && <span className="beside">{t('pending', { value: value.pending.value ?? t('notSet') })}</span>}
            {value.setting !== null && (
              <span className="beside">
                <Anchor component={Link} to="/resident">
                  {t('setting')}
                </Anchor>
              </span>
            )}
          </td>
          <td>{value.source === 'default' ? <span className="quiet">{t('default')}</span> : <bdi dir="ltr">{value.source}</bdi>}</td>
          <td className="quiet">{t(value.needsRestart ? 'restart' : 'atOnce')}</td>
        </tr>
      ))}
    </Table>
  );
}

function Value({ value: { value, isSecret } }: { readonly value: ConfigurationValue }) {
  const { t } = useTranslation('configuration');
  if (value === null) return <span className="quiet">{t('notSet')}</span>;
  return isSecret ? <span className="quiet">{t('secret')}</span> : <Code>{value}</Code>;
}
