import { contactClaims, type Claims, type ContactKind } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, inAnyCase } from '../http/body.ts';
import { ScimError } from '../http/scim-error.ts';

/** Which part of one holds it. */
export const textPart = { emails: 'value', phoneNumbers: 'value', addresses: 'formatted' } as const satisfies Record<ContactKind, string>;

export const contactKinds = Object.keys(contactClaims) as readonly ContactKind[]; // the keys of a record of them

export const mostContacts = 10;

export interface Contact {
  readonly value: string;
  readonly type?: string | undefined;
}

export function contactTypes(kind: ContactKind) {
  return inAnyCase(Object.keys(contactClaims[kind].typed) as Lowercase<string>[]); // so they are written
}

/** Clients mark one; WSO2 keeps that of mail addresses alone. */
const primary = z.unknown().optional().meta({ description: 'Has no effect.' });

/** Several without a type stand in one claim with commas between. */
const phoneNumber = boundedText(64).regex(/^[^,]+$/, 'expected one phone number');
const postalAddress = boundedText(1_024);

/** Plain text is one without a type. */
export const phoneNumbers = z.array(z.union([phoneNumber, z.strictObject({ value: phoneNumber, type: contactTypes('phoneNumbers').optional(), primary })])).max(mostContacts);
export const addresses = z.array(z.union([postalAddress, z.strictObject({ formatted: postalAddress, type: contactTypes('addresses').optional(), primary })])).max(mostContacts);

export function phoneNumbersOf(claims: Claims): readonly Contact[] {
  const others = claims[contactClaims.phoneNumbers.others]?.split(',') ?? [];
  return [...typedContacts('phoneNumbers', claims), ...others.map((value) => ({ value }))];
}

export function addressesOf(claims: Claims): readonly { readonly formatted: string; readonly type?: string | undefined }[] {
  const other = claims[contactClaims.addresses.others];
  return [...typedContacts('addresses', claims), ...(other ? [{ value: other }] : [])].map(({ value, ...type }) => ({ formatted: value, ...type }));
}

/** @returns blank where there is none, here and below @throws ScimError where two have the same type */
export function claimsOfPhoneNumbers(given: z.output<typeof phoneNumbers> = []): Claims {
  const entries = given.map((entry) => (typeof entry === 'string' ? { value: entry } : entry));
  return { ...claimsOfTyped('phoneNumbers', entries), [contactClaims.phoneNumbers.others]: [...new Set(entries.filter(hasNoType).map(({ value }) => value))].join(',') };
}

/** @throws ScimError also where two have none: a comma separates nothing in an address */
export function claimsOfAddresses(given: z.output<typeof addresses> = []): Claims {
  const entries = given.map((entry) => (typeof entry === 'string' ? { value: entry } : { value: entry.formatted, type: entry.type }));
  return { ...claimsOfTyped('addresses', entries), [contactClaims.addresses.others]: onlyOne('addresses', 'without a type', entries.filter(hasNoType)) };
}

export function typedContacts(kind: ContactKind, claims: Claims): readonly Contact[] {
  return Object.entries(contactClaims[kind].typed).flatMap(([type, uri]) => {
    const value = claims[uri];
    return value ? [{ value, type }] : [];
  });
}

/** @throws ScimError where two have the same type: WSO2 has a claim for each */
export function claimsOfTyped(kind: ContactKind, entries: readonly Contact[]): Claims {
  return Object.fromEntries(Object.entries(contactClaims[kind].typed).map(([type, uri]) => [uri, onlyOne(kind, `of the type "${type}"`, entries.filter((entry) => entry.type === type))]));
}

export function hasNoType({ type }: Contact): boolean {
  return type === undefined;
}

function onlyOne(kind: ContactKind, which: string, [first, second]: readonly Contact[]): string {
  if (second) throw new ScimError('invalidValue', `Malformed request: ${kind}: expected one ${which}, got several.`);
  return first?.value ?? '';
}
