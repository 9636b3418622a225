import { Button, Stack, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnProfile } from './account-client.ts';
import { AddressForm } from './address-form.tsx';
import { PendingAddress } from './pending-address.tsx';

/** The mail address, and another one that waits to be confirmed. */
export function AddressPart({ profile }: { readonly profile: OwnProfile }) {
  const { t } = useTranslation('account');
  const [isChanging, setChanging] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  /** What was pressed goes away: without this, the focus would be at the top of the page. */
  const comeBack = () => {
    setChanging(false);
    heading.current?.focus();
  };
  return (
    <section className="part" aria-labelledby="address">
      <Stack gap="md">
        <Title order={2} id="address" size="h4" ref={heading} tabIndex={-1} className="part-title">
          {t('email')}
        </Title>
        <p className="fact">
          <bdi>{profile.email ?? t('none')}</bdi>
          {profile.email !== null && <span className="tag" data-good={profile.emailVerified || undefined}>{t(profile.emailVerified ? 'address.verified' : 'address.unverified')}</span>}
        </p>
        {profile.pendingEmail !== null && <PendingAddress address={profile.pendingEmail} onKept={comeBack} />}
        {isChanging ? (
          <AddressForm isFirst={profile.email === null} onDone={comeBack} />
        ) : (
          <Button variant="default" size="md" className="narrow" onClick={() => setChanging(true)}>
            {t(profile.email === null ? 'address.add' : 'address.change')}
          </Button>
        )}
      </Stack>
    </section>
  );
}
