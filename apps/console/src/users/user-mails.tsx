import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { addressOf } from '../deliveries/delivery-filter.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { useMailsOf } from '../deliveries/deliveries.ts';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';

const shown = 5;

/** The last mails to a user, and the way to all. */
export function UserMails({ userId: user }: { readonly userId: string }) {
  const { t } = useTranslation('users');
  const { t: ofMails } = useTranslation('deliveries');
  return (
    <Loaded query={useMailsOf(user, shown)}>
      {({ deliveries }) =>
        deliveries.length === 0 ? (
          <Empty title={ofMails('list.empty.title')} />
        ) : (
          <>
            <DeliveryTable deliveries={deliveries} />
            <Anchor component={Link} to={addressOf({ user })}>
              {t('mails.all')}
            </Anchor>
          </>
        )
      }
    </Loaded>
  );
}
