import { Button, Stack, TextInput } from '@mantine/core';
import { ApiProblem, BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../page/failure.tsx';
import { PasswordField } from '../page/password-field.tsx';
import { useFields } from '../page/use-fields.ts';
import { account, profileKey } from './account-client.ts';

/** Another address takes the password: a browser that was left signed in is not enough. */
export function AddressForm({ isFirst, onDone }: { readonly isFirst: boolean; readonly onDone: () => void }) {
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
