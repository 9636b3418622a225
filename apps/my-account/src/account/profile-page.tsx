import { Stack, TextInput } from '@mantine/core';
import { BusyButton, locales, sessionKey, Waiting } from '@rekey/web';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { account, profileKey, type OwnProfile } from './account-client.ts';
import { AddressPart } from './address-part.tsx';

export function ProfilePage() {
  const { t } = useTranslation('account');
  const profile = useQuery({ queryKey: profileKey, queryFn: account.profile });
  return (
    <Stack gap="lg">
      <Heading title={t('profile.title')} lead={t('profile.lead')} />
      {profile.isPending && <Waiting />}
      {profile.isError && <Failure error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.data && <NamePart profile={profile.data} />}
      {profile.data && <AddressPart profile={profile.data} />}
    </Stack>
  );
}

function NamePart({ profile }: { readonly profile: OwnProfile }) {
  const { t } = useTranslation('account');
  const [given, setGiven] = useState(profile.givenName ?? '');
  const [family, setFamily] = useState(profile.familyName ?? '');
  const [locale, setLocale] = useState(profile.locale ?? '');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: account.changeProfile,
    onSuccess: async (changed) => {
      queries.setQueryData(profileKey, changed);
      await queries.invalidateQueries({ queryKey: sessionKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate({ givenName: given.trim(), familyName: family.trim(), locale });
  };
  const isListed = locale === '' || locales.some(({ name }) => name === locale);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput size="md" label={t('profile.given')} name="given-name" autoComplete="given-name" maxLength={255} value={given} onChange={({ currentTarget }) => setGiven(currentTarget.value)} />
        <TextInput size="md" label={t('profile.family')} name="family-name" autoComplete="family-name" maxLength={255} value={family} onChange={({ currentTarget }) => setFamily(currentTarget.value)} />
        <label className="choice">
          <span>{t('profile.locale')}</span>
          <select name="locale" value={locale} onChange={({ currentTarget }) => setLocale(currentTarget.value)}>
            <option value="">{t('profile.anyLocale')}</option>
            {locales.map(({ name, own }) => (
              <option key={name} value={name} lang={name.replace('_', '-')}>
                {own}
              </option>
            ))}
            {!isListed && <option value={locale}>{locale}</option>}
          </select>
        </label>
        <div role="status" className="result">
          {save.isSuccess && t('profile.saved')}
        </div>
        {save.isError && <Failure error={save.error} />}
        <BusyButton busy={save.isPending}>{t('profile.save')}</BusyButton>
      </Stack>
    </form>
  );
}
