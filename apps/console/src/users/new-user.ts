import type { ScimApi } from '@rekey/web';
import { wso2Schema } from './users.ts';

/** As the form has it. */
export interface NewUser {
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly address: string;
  /** Whether the user sets the password, by a mail, or whoever creates the account. */
  readonly passwordBy: 'user' | 'administrator';
  readonly password: string;
}

type MissingText = 'new.noUsername' | 'new.noAddress' | 'new.noPassword';
export type Missing = ReadonlyMap<Field, MissingText>;
export type Field = 'userName' | 'address' | 'password';

/** What is missing, in the order of the form, as the texts have it. Everything else the server says. */
export function missingIn({ userName, address, passwordBy, password }: NewUser): Missing {
  const missing = new Map<Field, MissingText>();
  if (userName.trim() === '') missing.set('userName', 'new.noUsername');
  if (passwordBy === 'user' && address.trim() === '') missing.set('address', 'new.noAddress');
  if (passwordBy === 'administrator' && password === '') missing.set('password', 'new.noPassword');
  return missing;
}

type ScimUser = ScimApi['/Users']['post']['requestBody']['content']['application/scim+json'];

export function scimUserOf({ userName, givenName, familyName, address, passwordBy, password }: NewUser): ScimUser {
  const name = { ...said('givenName', givenName), ...said('familyName', familyName) };
  const emails = address.trim() === '' ? {} : { emails: [{ value: address.trim(), primary: true }] };
  const credential = passwordBy === 'user' ? { [wso2Schema]: { askPassword: true } } : { password };
  return { userName: userName.trim(), ...(Object.keys(name).length > 0 ? { name } : {}), ...emails, ...credential };
}

function said(name: string, text: string): Readonly<Record<string, string>> {
  return text.trim() === '' ? {} : { [name]: text.trim() };
}
