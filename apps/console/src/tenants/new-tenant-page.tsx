import { PasswordInput, TextInput } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../page/page-title.tsx';
import { MadeTenant } from './made-tenant.tsx';
import { useCreate } from './tenants.ts';

/** In the order of the form. */
const fields = ['domain', 'username', 'firstname', 'lastname', 'email', 'password'] as const;
type Field = (typeof fields)[number];

type Typed = Readonly<Record<Field, string>>;

const blank: Typed = { domain: '', username: '', firstname: '', lastname: '', email: '', password: '' };

/** Creates a tenant with its first administrator, and says what to tell that one. */
export function NewTenantPage() {
  const { t } = useTranslation('tenants');
  const [typed, setTyped] = useState(blank);
  const [missing, setMissing] = useState<readonly Field[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const create = useCreate();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (create.isPending) return;
    const given = trimmed(typed);
    const found = fields.filter((name) => given[name] === '');
    setMissing(found);
    const { domain, ...owner } = given;
    if (found[0] === undefined) create.mutate({ domain, owner });
    else form.current?.querySelector<HTMLInputElement>(`[name=${found[0]}]`)?.focus();
  };
  const field = (name: Field) => ({
    name,
    label: t(`new.${name}`),
    value: typed[name],
    required: true,
    error: missing.includes(name) && t('new.missing'),
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      create.reset();
      setMissing(missing.filter((other) => other !== name));
      setTyped({ ...typed, [name]: event.currentTarget.value });
    },
  });
  if (create.isSuccess) {
    return (
      <MadeTenant
        domain={create.variables.domain}
        owner={create.variables.owner.username}
        onAnother={() => {
          create.reset();
          setTyped(blank);
        }}
      />
    );
  }
  return (
    <>
      <PageTitle lead={t('new.lead')}>{t('create')}</PageTitle>
      <form className="settings" ref={form} onSubmit={submit} noValidate>
        <TextInput className="setting" description={t('new.domainMeaning')} maxLength={253} {...field('domain')} />
        <TextInput className="setting" description={t('new.usernameMeaning')} maxLength={255} {...field('username')} />
        <TextInput className="setting" maxLength={255} {...field('firstname')} />
        <TextInput className="setting" maxLength={255} {...field('lastname')} />
        <TextInput className="setting" type="email" description={t('new.emailMeaning')} {...field('email')} />
        <PasswordInput className="setting" description={t('new.passwordMeaning')} maxLength={4096} {...field('password')} autoComplete="new-password" />
        <div className="form-end">
          {create.isError && <Failure error={create.error} />}
          <div className="form-buttons">
            <BusyButton busy={create.isPending}>{t('create')}</BusyButton>
          </div>
        </div>
      </form>
    </>
  );
}

/** A password is taken as it is. */
function trimmed({ domain, username, firstname, lastname, email, password }: Typed): Typed {
  return { domain: domain.trim().toLowerCase(), username: username.trim(), firstname: firstname.trim(), lastname: lastname.trim(), email: email.trim(), password };
}
