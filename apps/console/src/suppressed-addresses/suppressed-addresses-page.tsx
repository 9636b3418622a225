import { Button, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { KeysetPaging } from '../page/keyset-paging.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { AddDialog } from './add-dialog.tsx';
import { AddressQuestion } from './address-question.tsx';
import { AddressTable } from './address-table.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { useSuppressedAddresses, type SuppressedAddress } from './suppressed-addresses.ts';

type Asked = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly entry: SuppressedAddress };

/** The addresses that the tenant's mails do not go to. */
export function SuppressedAddressesPage() {
  const { t } = useTranslation('suppressed-addresses');
  const [query] = useSearchParams();
  const address = query.get('address');
  const addresses = useSuppressedAddresses(address, query.get('after'));
  const mayChange = useHasRole('administrator');
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <PageTitle lead={t('lead')} actions={mayChange && <Button onClick={() => setAsked({ kind: 'add' })}>{t('add.open')}</Button>}>
        {t('title')}
      </PageTitle>
      <AddressQuestion key={address} address={address} busy={addresses.isPlaceholderData} />
      <section className="block">
        <Title order={2} className="visually-hidden">
          {t('list')}
        </Title>
        <Loaded query={addresses}>
          {({ addresses: entries, next }) => (
            <>
              {entries.length > 0 ? <AddressTable entries={entries} onRemove={mayChange ? (entry) => setAsked({ kind: 'remove', entry }) : null} /> : <NoAddresses address={address} />}
              <KeysetPaging next={next} />
            </>
          )}
        </Loaded>
      </section>
      {asked?.kind === 'add' && <AddDialog onClose={close} />}
      {asked?.kind === 'remove' && <RemoveDialog entry={asked.entry} onClose={close} />}
    </>
  );
}

function NoAddresses({ address }: { readonly address: string | null }) {
  const { t } = useTranslation('suppressed-addresses');
  return address === null ? <Empty title={t('empty.title')}>{t('empty.lead')}</Empty> : <Empty title={t('notOnList.title', { address })}>{t('notOnList.lead')}</Empty>;
}
