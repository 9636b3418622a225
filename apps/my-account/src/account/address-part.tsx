import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { ApiProblem, BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { PasswordField } from '../page/password-field.tsx';
import { useFields } from '../page/use-fields.ts';
import { account, profileKey, type OwnProfile } from './account-client.ts';

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

function PendingAddress({ address, onKept }: { readonly address: string; readonly onKept: () => void }) {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const again = useMutation({ mutationFn: account.sendAddressLink });
  const keep = useMutation({
    mutationFn: account.keepAddress,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: profileKey });
      onKept();
    },
  });
  const error = again.error ?? keep.error;
  return (
    <div className="pending">
      <Text>{t('address.waits', { address })}</Text>
      <div role="status" className="result">
        {again.isSuccess && t('address.sentAgain')}
      </div>
      {error && <Failure error={error} />}
      <div className="actions">
        <BusyButton size="sm" variant="default" busy={again.isPending} onPress={() => again.mutate()}>
          {t('address.again')}
        </BusyButton>
        <BusyButton size="sm" variant="default" busy={keep.isPending} onPress={() => keep.mutate()}>
          {t('address.cancel')}
        </BusyButton>
      </div>
    </div>
  );
}

/** It takes the password: a browser that was left signed in is not enough. */
function AddressForm({ isFirst, onDone }: { readonly isFirst: boolean; readonly onDone: () => void }) {
  const { t } = useTranslation('account');
  const fields = useFields({ email: '', password: '' });
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: account.changeAddress,
    onSuccess: async (changed) => {
      queries.setQueryData(profileKey, changed);
      await queries.invalidateQueries({ queryKey: sessionKey });
      onDone();
    },
    onError: (error) => {
      if (isWrong(error)) fields.object({ password: t('address.wrongPassword') });
      else if (isMalformed(error)) fields.object({ email: t('address.malformed') });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    const { password } = fields.values;
    const email = fields.values.email.trim();
    const isIncomplete = fields.object({ email: email === '' ? t('address.empty') : null, password: password === '' ? t('address.emptyPassword') : null });
    if (!isIncomplete) change.mutate({ email, password });
  };
  const emailField = fields.of('email');
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {change.isError && !isWrong(change.error) && !isMalformed(change.error) && <Failure error={change.error} />}
        <TextInput
          {...emailField}
          size="md"
          type="email"
          label={t('address.new')}
          name="email"
          autoComplete="email"
          aria-required
          maxLength={320}
          autoFocus
          errorProps={{ role: 'alert' }}
          onChange={({ currentTarget }) => emailField.onChange(currentTarget.value)}
        />
        <PasswordField {...fields.of('password')} label={t('address.password')} name="current-password" autoComplete="current-password" />
        <div className="actions">
          <BusyButton busy={change.isPending}>{t(isFirst ? 'address.add' : 'address.submit')}</BusyButton>
          <Button variant="default" size="md" onClick={onDone}>
            {t('address.leave')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

function isMalformed(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 400;
}
