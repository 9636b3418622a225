import { PasswordInput, Radio, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { missingIn, scimUserOf, type Field, type Missing, type NewUser } from './new-user.ts';
import { userKey, usersKey } from './users.ts';

const blank: NewUser = { userName: '', givenName: '', familyName: '', address: '', passwordBy: 'user', password: '' };

/** Creates a user, and goes there. */
export function NewUserPage() {
  const { t } = useTranslation('users');
  const [user, setUser] = useState(blank);
  const [missing, setMissing] = useState<Missing>(new Map());
  const form = useRef<HTMLFormElement>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: async () => answered(scim.POST('/Users', { body: scimUserOf(user) })),
    onSuccess: (created) => {
      void queries.invalidateQueries({ queryKey: usersKey });
      queries.setQueryData(userKey(created.id), created);
      void navigate(`/users/${created.id}`);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (create.isPending) return;
    const found = missingIn(user);
    setMissing(found);
    const [first] = found.keys();
    if (first === undefined) create.mutate();
    else form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  };
  const missingText = (name: Field) => {
    const text = missing.get(name);
    return text && t(text);
  };
  const field = (name: keyof NewUser) => ({
    name,
    value: user[name],
    error: missingText(name as Field), // a map tells of names that it does not have that it has none
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      create.reset();
      setMissing(new Map([...missing].filter(([other]) => other !== name)));
      setUser({ ...user, [name]: event.currentTarget.value });
    },
  });
  return (
    <>
      <PageTitle lead={t('new.lead')}>{t('new.title')}</PageTitle>
      <form className="settings" ref={form} onSubmit={submit} noValidate>
        <TextInput className="setting" label={t('new.username')} required maxLength={255} {...field('userName')} />
        <TextInput className="setting" label={t('new.givenName')} maxLength={255} {...field('givenName')} />
        <TextInput className="setting" label={t('new.familyName')} maxLength={255} {...field('familyName')} />
        <TextInput className="setting" label={t('new.address')} type="email" description={t('new.addressMeaning')} required={user.passwordBy === 'user'} {...field('address')} />
        <Radio.Group className="setting" label={t('new.first')} value={user.passwordBy} onChange={(passwordBy) => setUser({ ...user, passwordBy: passwordBy === 'user' ? 'user' : 'administrator' })}>
          <Radio className="radio" value="user" label={t('new.byUser')} description={t('new.byUserMeaning')} />
          <Radio className="radio" value="administrator" label={t('new.byMe')} description={t('new.byMeMeaning')} />
        </Radio.Group>
        {user.passwordBy === 'administrator' && <PasswordInput className="setting" label={t('new.password')} required maxLength={4096} {...field('password')} autoComplete="new-password" />}
        <div className="form-end">
          {create.isError && <Failure error={create.error} />}
          <div className="form-buttons">
            <BusyButton busy={create.isPending}>{t('new.submit')}</BusyButton>
          </div>
        </div>
      </form>
    </>
  );
}
