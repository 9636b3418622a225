import { addressClaims, wso2Claim } from '@rekey/identity';
import { z } from 'zod';
import { mailAddress } from './mail-address.ts';
import { boundedText, storableText } from './body.ts';

/** What the account is, others say: none of it is for its owner to say, and no identity claim (`…/claims/identity/…`) is. */
const notOnesOwn = ['userid', 'username', 'tenant', 'role', 'roles', 'groups', 'created', 'modified', 'location', 'resourceType', 'emailAddresses'].map(wso2Claim);

/** Of the claims that somebody brings along who is to have an account. */
export const claimUri = z.string().max(128).regex(/^http:\/\/wso2\.org\/claims\/[A-Za-z][\w.-]*$/, 'expected http://wso2.org/claims/<name>').refine((uri) => !notOnesOwn.includes(uri), 'expected a claim that is for the person to make');
export const claimValue = storableText(1024);
export const mostClaims = 50;

/** By claim URI; what mails say of a person is bounded as in events. */
const bounds: Readonly<Record<string, z.ZodString>> = {
  ...Object.fromEntries([addressClaims.primary, ...Object.values(addressClaims.typed)].map((uri) => [uri, mailAddress])),
  [wso2Claim('locale')]: boundedText(35),
};

/** @param name of the field that holds a claim's URI */
export function refuseUnfit<Name extends 'uri' | 'claim'>(list: readonly (Readonly<Record<Name, string>> & { readonly value: string })[], name: Name, context: z.RefinementCtx): void {
  for (const [index, given] of list.entries()) {
    const expected = bounds[given[name]]?.safeParse(given.value).error?.issues[0]?.message;
    if (expected !== undefined && given.value !== '') context.addIssue({ code: 'custom', path: [index, 'value'], message: expected });
    if (list.findIndex((other) => other[name] === given[name]) !== index) context.addIssue({ code: 'custom', path: [index, name], message: 'each claim once' });
  }
}
