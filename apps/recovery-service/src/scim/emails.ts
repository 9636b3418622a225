import { pendingAddress } from '@rekey/governance';
import { addressClaims, type Claims } from '@rekey/identity';
import { z } from 'zod';
import { mailAddress } from '../http/mail-address.ts';
import { claimsOfTyped, contactTypes, hasNoType, mostContacts, typedContacts, type Contact } from './contacts.ts';

/** Clients write both `true` and `"True"`. */
export const switchValue = z.union([z.boolean(), z.stringbool()]);

const entry = z.strictObject({ value: mailAddress, type: contactTypes('emails').optional(), primary: switchValue.optional() });

/** WSO2 writes an address without a type as plain text. */
export const emails = z.array(z.union([mailAddress, entry])).max(mostContacts);

export interface Email extends Contact {
  readonly primary?: boolean | undefined;
}

/** The primary one first. */
export function emailsOf(claims: Claims): readonly Email[] {
  const primary = claims[addressClaims.primary];
  const typed = typedContacts('emails', claims);
  const asPrimary = typed.find(({ value }) => value === primary);
  const others = claims[addressClaims.others]?.split(',').map((value) => ({ value })) ?? [];
  return [...(primary ? [{ ...(asPrimary ?? { value: primary }), primary: true as const }] : []), ...typed.filter((email) => email !== asPrimary), ...others];
}

/**
 * Recovery mails go to the primary address, else to the first.
 * @param present claims: where two are primary, the one that was so before is no longer
 * @returns blank where there is no such address
 * @throws ScimError where two have the same type
 */
export function claimsOfEmails(given: z.output<typeof emails> = [], present: Claims): Claims {
  const entries = given.map((email): Email => (typeof email === 'string' ? { value: email } : email));
  const [first] = entries;
  const marked = entries.filter((email) => email.primary);
  const primary = marked.find(({ value }) => value !== present[addressClaims.primary]) ?? marked[0] ?? (first && waits(first, present) ? undefined : first);
  const others = new Set(entries.filter(hasNoType).flatMap(({ value }) => (value === primary?.value ? [] : [value])));
  return { [addressClaims.primary]: primary?.value ?? '', ...claimsOfTyped('emails', entries), [addressClaims.others]: [...others].join(',') };
}

/** One with a type is shown, and written back, while it waits to be confirmed as the first address that mails go to: that asks for nothing new. */
function waits({ value, type }: Email, present: Claims): boolean {
  return type !== undefined && value === present[pendingAddress];
}
