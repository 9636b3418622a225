import { addressOf, type patchOf, type User } from './users.ts';

/** What of a user is edited. */
export interface Details {
  readonly givenName: string;
  readonly familyName: string;
  readonly address: string;
  readonly mobile: string;
  readonly locale: string;
}

export type Field = keyof Details;

export function detailsOf(user: User): Details {
  const { name, phoneNumbers = [], locale } = user;
  return { givenName: name?.givenName ?? '', familyName: name?.familyName ?? '', address: addressOf(user) ?? '', mobile: phoneNumbers.find(({ type }) => type === 'mobile')?.value ?? '', locale: locale ?? '' };
}

type Operation = Parameters<typeof patchOf>[0][number];

/** What the changes come to; a user's other addresses and numbers stay. */
export function operationsFor(user: User, wanted: Details): readonly Operation[] {
  const before = detailsOf(user);
  const { emails = [], phoneNumbers = [] } = user;
  const primary = emails.find((email) => email.primary) ?? emails[0];
  const operations: Readonly<Record<Field, () => Operation>> = {
    givenName: () => text('name.givenName', wanted.givenName),
    familyName: () => text('name.familyName', wanted.familyName),
    address: () => list('emails', [...emails.filter((email) => email !== primary), ...one(wanted.address, { ...(primary?.type ? { type: primary.type } : {}), primary: true })]),
    mobile: () => list('phoneNumbers', [...phoneNumbers.filter(({ type }) => type !== 'mobile'), ...one(wanted.mobile, { type: 'mobile' })]),
    locale: () => text('locale', wanted.locale),
  };
  return (Object.keys(operations) as Field[]).filter((field) => wanted[field].trim() !== before[field]).map((field) => operations[field]()); // Object.keys forgets which names there are
}

function one<More extends object>(value: string, more: More): readonly (More & { readonly value: string })[] {
  return value.trim() === '' ? [] : [{ ...more, value: value.trim() }];
}

function text(path: string, value: string): Operation {
  return value.trim() === '' ? { op: 'remove', path } : { op: 'replace', path, value: value.trim() };
}

function list(path: string, value: readonly object[]): Operation {
  return value.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value };
}

/** Which field the server's words are about; null: none of these. */
export function fieldIn(message: string): Field | null {
  const named: readonly (readonly [RegExp, Field])[] = [[/givenName/i, 'givenName'], [/familyName|lastname/i, 'familyName'], [/phoneNumbers|mobile/i, 'mobile'], [/emails|address/i, 'address'], [/locale/i, 'locale']];
  return named.find(([words]) => words.test(message))?.[1] ?? null;
}
