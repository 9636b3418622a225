import { addressClaims, addressTypes, type AddressType, type Claims } from '@rekey/identity';
import { z } from 'zod';
import { inAnyCase } from '../http/body.ts';
import { mailAddress } from '../http/mail-address.ts';
import { ScimError } from '../http/scim-error.ts';

/** Clients write both `true` and `"True"`. */
export const switchValue = z.union([z.boolean(), z.stringbool()]);

const entry = z.strictObject({ value: mailAddress, type: inAnyCase(addressTypes).optional(), primary: switchValue.optional() });

export const mostEmails = 10;

/** WSO2 writes an address without a type as plain text. */
export const emails = z.array(z.union([mailAddress, entry])).max(mostEmails);

export interface Email {
  readonly value: string;
  readonly type?: AddressType;
  readonly primary?: true;
}

/** The primary one first. */
export function emailsOf(claims: Claims): readonly Email[] {
  const primary = claims[addressClaims.primary];
  const typed = addressTypes.flatMap((type) => {
    const value = claims[addressClaims.typed[type]];
    return value ? [{ value, type }] : [];
  });
  const asPrimary = typed.find(({ value }) => value === primary);
  const others = claims[addressClaims.others]?.split(',').map((value) => ({ value })) ?? [];
  return [...(primary ? [{ ...(asPrimary ?? { value: primary }), primary: true as const }] : []), ...typed.filter((email) => email !== asPrimary), ...others];
}

/**
 * Recovery mails go to the primary address, else to the first.
 * @param present claims: where two are primary, the one that was so before is no longer
 * @returns blank where there is no such address
 * @throws ScimError where two have the same type: WSO2 has a claim for each
 */
export function claimsOfEmails(given: z.output<typeof emails> = [], present: Claims): Claims {
  const entries = given.map((email) => (typeof email === 'string' ? { value: email } : email));
  const marked = entries.filter((email) => 'primary' in email && email.primary);
  const primary = marked.find(({ value }) => value !== present[addressClaims.primary]) ?? marked[0] ?? entries[0];
  const ofType = (wanted: AddressType | undefined) => entries.filter((email) => ('type' in email ? email.type : undefined) === wanted);
  const typed = addressTypes.map((type) => {
    const [first, second] = ofType(type);
    if (second) throw new ScimError('invalidValue', `Malformed request: emails: expected one address of the type "${type}", got several.`);
    return [addressClaims.typed[type], first?.value ?? ''] as const;
  });
  const others = new Set(ofType(undefined).flatMap((email) => (email === primary || email.value === primary?.value ? [] : [email.value])));
  return { [addressClaims.primary]: primary?.value ?? '', ...Object.fromEntries(typed), [addressClaims.others]: [...others].join(',') };
}
