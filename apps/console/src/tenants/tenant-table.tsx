import { Anchor, Badge } from '@mantine/core';
import { BusyButton, superTenant, useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Table } from '../page/table.tsx';
import { addressIn, type Tenant } from './tenants.ts';

interface TenantTableProps {
  readonly tenants: readonly Tenant[];
  /** The id of the one that is being changed. */
  readonly busy: string | null;
  readonly onActivate: (tenant: Tenant) => void;
  readonly onDeactivate: (tenant: Tenant) => void;
}

export function TenantTable({ tenants, busy, onActivate, onDeactivate }: TenantTableProps) {
  const { t } = useTranslation('tenants');
  const { date } = useFormats();
  return (
    <Table label={t('title')} columns={[t('domain'), t('owners'), t('created'), t('state'), t('change')]}>
      {tenants.map((tenant) => {
        const { id, domain, owners, createdDate, lifecycleStatus: { activated } } = tenant;
        return (
          <tr key={id}>
            <th scope="row" className="person">
              {activated ? <Anchor href={addressIn(domain, 'console')}>{domain}</Anchor> : domain}
            </th>
            <td className="person">{owners.length > 0 ? owners.map(({ username }) => username).join(', ') : <span className="quiet">{t('nobody')}</span>}</td>
            <td>
              <time dateTime={createdDate}>{date(createdDate)}</time>
            </td>
            <td>
              <Badge variant="light" color={activated ? 'green' : 'gray'}>
                {t(activated ? 'active' : 'notActive')}
              </Badge>
            </td>
            <td>
              {domain === superTenant ? (
                <span className="quiet">{t('always')}</span>
              ) : (
                <BusyButton variant="default" size="sm" busy={busy === id} resting={busy !== null} onPress={() => (activated ? onDeactivate : onActivate)(tenant)}>
                  {t(activated ? 'deactivate' : 'activate')}
                </BusyButton>
              )}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
