import { addressClaims } from '@rekey/identity';
import { z } from 'zod';
import { boundedText, properties, storableText } from '../http/body.ts';
import { userReference } from '../http/user-name.ts';
import { mailAddress } from '../scim/emails.ts';

const claim = (name: string) => `http://wso2.org/claims/${name}`;
/** What the account is, others say: none of it is for its owner to say, and no identity claim (`…/claims/identity/…`) is. */
const notOnesOwn = ['userid', 'username', 'tenant', 'role', 'roles', 'groups', 'created', 'modified', 'location', 'resourceType', 'emailAddresses'].map(claim);
const claimUri = z.string().max(128).regex(/^http:\/\/wso2\.org\/claims\/[A-Za-z][\w.-]*$/, 'expected http://wso2.org/claims/<name>').refine((uri) => !notOnesOwn.includes(uri), 'expected a claim that is for the person to make');

/** By claim URI; what mails say of a person is bounded as in events. */
const bounds: Readonly<Record<string, z.ZodString>> = {
  ...Object.fromEntries([addressClaims.primary, ...Object.values(addressClaims.typed)].map((uri) => [uri, mailAddress])),
  [claim('locale')]: boundedText(35),
};

const claims = z
  .array(z.strictObject({ uri: claimUri, value: storableText(1024) }))
  .max(50)
  .superRefine((list, context) => {
    for (const [index, { uri, value }] of list.entries()) {
      const expected = bounds[uri]?.safeParse(value).error?.issues[0]?.message;
      if (expected !== undefined && value !== '') context.addIssue({ code: 'custom', path: [index, 'value'], message: expected });
      if (list.findIndex((other) => other.uri === uri) !== index) context.addIssue({ code: 'custom', path: [index, 'uri'], message: 'each claim once' });
    }
  });

/** WSO2's `SelfUserRegistrationRequest`. */
export const registrationRequest = z.strictObject({
  user: userReference.extend({ password: z.string().min(1).max(4096), claims: claims.optional() }),
  properties: properties.optional(),
});

export function claimsOf({ user }: z.output<typeof registrationRequest>): Record<string, string> {
  return Object.fromEntries((user.claims ?? []).filter(({ value }) => value !== '').map(({ uri, value }) => [uri, value]));
}
