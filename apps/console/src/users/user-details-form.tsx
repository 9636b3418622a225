import { Alert, TextInput } from '@mantine/core';
import { answered, ApiProblem, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { UnsavedChanges } from '../page/unsaved-changes.tsx';
import { detailsOf, fieldIn, operationsFor, type Details, type Field } from './user-details.ts';
import { patchOf, userKey, usersKey, type User } from './users.ts';

const isAddress = (text: string) => /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(text);
const isLocale = (text: string) => /^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$/.test(text);

/** Names, where mails go, and their language, for the version of the user that was read. */
export function UserDetailsForm({ user }: { readonly user: User }) {
  const { t } = useTranslation('users');
  const { id } = user;
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [drafts, setDrafts] = useState<Partial<Details>>({});
  const wanted: Details = { ...detailsOf(user), ...drafts };
  const operations = operationsFor(user, wanted);
  const [wrong, setWrong] = useState<ReadonlyMap<Field, string>>(new Map());
  const save = useMutation({
    mutationFn: async () => answered(scim.PATCH('/Users/{id}', { params: { path: { id }, header: { 'if-match': user.meta?.version ?? '*' } }, body: patchOf(operations) })),
    onSuccess: (changed) => {
      queries.setQueryData(userKey(id), changed);
      setDrafts({});
      void queries.invalidateQueries({ queryKey: [...usersKey, 'found'] });
    },
    onError: (error) => {
      // What is there now is read, and what was typed stays before it.
      if (error instanceof ApiProblem && error.status === 412) void queries.invalidateQueries({ queryKey: userKey(id), exact: true });
      const field = error instanceof ApiProblem && error.status === 400 ? fieldIn(error.message) : null;
      if (field) show(new Map([[field, error.message]]));
    },
  });
  const show = (found: ReadonlyMap<Field, string>) => {
    setWrong(found);
    const [first] = found.keys();
    if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (save.isPending || operations.length === 0) return;
    const { address, locale } = wanted;
    const found = new Map<Field, string>();
    if (address.trim() !== '' && !isAddress(address.trim())) found.set('address', t('edit.badAddress'));
    if (locale.trim() !== '' && !isLocale(locale.trim())) found.set('locale', t('edit.badLocale'));
    show(found);
    if (found.size === 0) save.mutate();
  };
  const field = (name: Field) => ({
    className: 'setting',
    label: t(`edit.${name}`),
    name,
    value: wanted[name],
    error: wrong.get(name),
    maxLength: 255,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      save.reset();
      setWrong(new Map([...wrong].filter(([other]) => other !== name)));
      setDrafts({ ...drafts, [name]: event.currentTarget.value });
    },
  });
  const isConflict = save.error instanceof ApiProblem && save.error.status === 412;
  return (
    <form className="settings" ref={form} onSubmit={submit} noValidate>
      <UnsavedChanges when={operations.length > 0} />
      <TextInput {...field('givenName')} />
      <TextInput {...field('familyName')} />
      <TextInput {...field('address')} type="email" description={t('edit.addressMeaning')} />
      <TextInput {...field('mobile')} type="tel" />
      <TextInput {...field('locale')} description={t('edit.localeMeaning')} />
      <div className="form-end">
        <Done>{save.isSuccess && t('edit.saved')}</Done>
        {isConflict ? (
          <Alert color="red" role="alert" variant="light">
            {t('edit.conflict')}
          </Alert>
        ) : (
          save.isError && wrong.size === 0 && <Failure error={save.error} />
        )}
        <div className="form-buttons">
          <BusyButton busy={save.isPending} resting={operations.length === 0}>
            {t('edit.save')}
          </BusyButton>
        </div>
      </div>
    </form>
  );
}
