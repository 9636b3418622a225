import { Anchor } from '@mantine/core';
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
  const [address] = useSearchParams();
  const filter = filterOf(address);
  const after = address.get('after');
  const deliveries = useDeliveries(filter, after);
  const live = after === null ? 'Newest first; new ones appear by themselves.' : 'Older mails. This page stays as it is; the first one shows what comes in.';
  return (
    <>
      <PageTitle lead={live}>Deliveries</PageTitle>
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
  if (!asked) return <Empty title="No mail has been asked for yet">As soon as somebody asks for a link, its mail stands here.</Empty>;
  return (
    <Empty title="There is no such mail">
      Nothing holds all that is asked for.{' '}
      <Anchor component={Link} to={addressOf({})}>
        Show all mails
      </Anchor>
    </Empty>
  );
}
