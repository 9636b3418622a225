import { Failure, useFormats } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Done } from '../page/done.tsx';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Paging } from '../page/paging.tsx';
import { SearchForm } from '../page/search-form.tsx';
import { DeactivateDialog } from './deactivate-dialog.tsx';
import { TenantTable } from './tenant-table.tsx';
import { tenantsPerPage, useSetActive, useTenants, type Tenant } from './tenants.ts';

/** Those that this Rekey serves. */
export function TenantsPage() {
  const { t } = useTranslation('tenants');
  const { number } = useFormats();
  const [address, setAddress] = useSearchParams();
  const text = address.get('domain') ?? '';
  const offset = Math.max(0, Math.trunc(Number(address.get('offset'))) || 0);
  const find = (sought: string, from = 0) => setAddress({ ...(sought !== '' && { domain: sought }), ...(from > 0 && { offset: String(from) }) });
  const tenants = useTenants(text, offset);
  const [asked, setAsked] = useState<Tenant | null>(null);
  const set = useSetActive();
  return (
    <>
      <PageTitle
        lead={t('lead')}
        actions={
          <Link className="button-link" to="/tenants/new">
            {t('create')}
          </Link>
        }
      >
        {t('title')}
      </PageTitle>
      <SearchForm key={text} label={t('domain')} description={t('searchMeaning')} text={text} busy={tenants.isPlaceholderData} onSearch={find} />
      <Done>{set.isSuccess && t(set.variables.activated ? 'activated' : 'deactivated', { domain: set.variables.tenant.domain })}</Done>
      {set.isError && <Failure error={set.error} />}
      <Loaded query={tenants}>
        {({ totalResults, tenants: page }) =>
          page.length === 0 ? (
            <Empty title={t('noneTitle')}>{text !== '' && t('noneSuch', { text })}</Empty>
          ) : (
            <>
              <TenantTable tenants={page} busy={set.isPending ? set.variables.tenant.id : null} onActivate={(tenant) => set.mutate({ tenant, activated: true })} onDeactivate={setAsked} />
              <Paging onPrevious={offset > 0 ? () => find(text, Math.max(0, offset - tenantsPerPage)) : null} onNext={offset + page.length < totalResults ? () => find(text, offset + tenantsPerPage) : null}>
                {t('pageOf', { from: number(offset + 1), to: number(offset + page.length), total: number(totalResults) })}
              </Paging>
            </>
          )
        }
      </Loaded>
      {asked && <DeactivateDialog domain={asked.domain} onConfirm={() => set.mutate({ tenant: asked, activated: false })} onClose={() => setAsked(null)} />}
    </>
  );
}
