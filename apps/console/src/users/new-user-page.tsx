import { PasswordInput, Radio, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, scim } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { missingIn, scimUserOf, type Field, type NewUser } from './new-user.ts';
import { userKey, usersKey } from './users.ts';

const blank: NewUser = { userName: '', givenName: '', familyName: '', address: '', passwordBy: 'user', password: '' };

/** Creates a user, and goes there. */
export function NewUserPage() {
  const [user, setUser] = useState(blank);
  const [missing, setMissing] = useState<ReadonlyMap<Field, string>>(new Map());
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
  const field = (name: keyof NewUser) => ({
    name,
    value: user[name],
    error: missing.get(name as Field), // a map tells of names that it does not have that it has none
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
      <PageTitle lead="The username stays for good; all else can be changed.">Create user</PageTitle>
      <form className="settings" ref={form} onSubmit={submit} noValidate>
        <TextInput className="setting" label="Username" required maxLength={255} {...field('userName')} />
        <TextInput className="setting" label="Given name" maxLength={255} {...field('givenName')} />
        <TextInput className="setting" label="Family name" maxLength={255} {...field('familyName')} />
        <TextInput className="setting" label="Mail address" type="email" description="Where recovery mails go." required={user.passwordBy === 'user'} {...field('address')} />
        <Radio.Group className="setting" label="First password" value={user.passwordBy} onChange={(passwordBy) => setUser({ ...user, passwordBy: passwordBy === 'user' ? 'user' : 'administrator' })}>
          <Radio className="radio" value="user" label="The user sets it" description="A link to do so is mailed; until then nobody signs in. Needs “Enable user email verification” in Account Management." />
          <Radio className="radio" value="administrator" label="I set it" description="You tell the user, who can change it in My Account." />
        </Radio.Group>
        {user.passwordBy === 'administrator' && <PasswordInput className="setting" label="Password" required maxLength={4096} {...field('password')} autoComplete="new-password" />}
        <div className="form-end">
          {create.isError && <Failure error={create.error} />}
          <div className="form-buttons">
            <BusyButton busy={create.isPending}>Create user</BusyButton>
          </div>
        </div>
      </form>
    </>
  );
}
