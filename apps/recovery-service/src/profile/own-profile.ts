import { addressClaim, emailVerified, pendingAddress } from '@rekey/governance';
import { wso2Claim, type Claims } from '@rekey/identity';
import { z } from 'zod';
import { storableText } from '../http/body.ts';

const [givenName, familyName, locale] = [wso2Claim('givenname'), wso2Claim('lastname'), wso2Claim('locale')];

/** What a person sees of the own account at My Account. */
export const ownProfile = z.object({
  username: z.string(),
  givenName: z.string().nullable(),
  familyName: z.string().nullable(),
  locale: z.string().nullable().meta({ description: 'In which the mails are; null: in the one of the deployment.' }),
  email: z.string().nullable(),
  emailVerified: z.boolean().meta({ description: 'Whether the person has shown to read mail there.' }),
  pendingEmail: z.string().nullable().meta({ description: 'Another address, which counts once the link that was mailed there is used.' }),
});

export type OwnProfile = z.output<typeof ownProfile>;

const name = storableText(255).trim();

/** What is left out stays; blank text removes it. The locale is one as mails have them: `de_DE`, `ar`. */
export const profileChange = z.strictObject({
  givenName: name.optional(),
  familyName: name.optional(),
  locale: z.string().max(35).regex(/^(?:[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*)?$/, 'expected a language and perhaps a country, such as de_DE').optional(),
});

export function ownProfileOf({ username }: { readonly username: string }, claims: Claims): OwnProfile {
  const of = (uri: string) => claims[uri] || null;
  return { username, givenName: of(givenName), familyName: of(familyName), locale: of(locale), email: of(addressClaim), emailVerified: claims[emailVerified]?.toLowerCase() === 'true', pendingEmail: of(pendingAddress) };
}

/** By WSO2's claim URI. */
export function claimsOf(change: z.output<typeof profileChange>): Claims {
  const entries = [[givenName, change.givenName], [familyName, change.familyName], [locale, change.locale]] as const;
  return Object.fromEntries(entries.flatMap(([uri, value]) => (value === undefined ? [] : [[uri, value]])));
}
