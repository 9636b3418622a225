import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { KeysetPaging } from '../page/keyset-paging.tsx';
import { useDeliveries } from './deliveries.ts';
import { addressOf, filterOf } from './delivery-filter.ts';
import { DeliveryTable } from './delivery-table.tsx';
import { FilterForm } from './filter-form.tsx';

/** The mails of the tenant, newest first, as they come in. */
export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const [address] = useSearchParams();
  const filter = filterOf(address);
  const after = address.get('after');
  const deliveries = useDeliveries(filter, after);
  return (
    <>
      <PageTitle lead={after === null ? t('list.live') : t('list.older')}>{t('list.title')}</PageTitle>
      <FilterForm filter={filter} busy={deliveries.isPlaceholderData} />
      <Loaded query={deliveries}>
        {({ deliveries: mails, next }) => (
          <>
            {mails.length > 0 ? <DeliveryTable deliveries={mails} /> : <NoMails asked={addressOf(filter) !== addressOf({})} />}
            <KeysetPaging next={next} />
          </>
        )}
      </Loaded>
    </>
  );
}

function NoMails({ asked }: { readonly asked: boolean }) {
  const { t } = useTranslation('deliveries');
  if (!asked) return <Empty title={t('list.empty.title')}>{t('list.empty.lead')}</Empty>;
  return (
    <Empty title={t('list.noSuch.title')}>
      {t('list.noSuch.lead')}{' '}
      <Anchor component={Link} to={addressOf({})}>
        {t('list.noSuch.all')}
      </Anchor>
    </Empty>
  );
}
