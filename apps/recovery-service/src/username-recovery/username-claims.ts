import { searchableClaims } from '@rekey/identity';
import { z } from 'zod';

/** A claim as WSO2 describes it. */
export const describedClaim = z.object({
  uri: z.string(),
  value: z.null(),
  description: z.string(),
  'display-name': z.string(),
  dialect: z.string(),
  'validation-regex': z.null(),
  required: z.boolean(),
  'read-only': z.boolean(),
  'display-order': z.int(),
});

const labels: Readonly<Record<string, string>> = {
  'http://wso2.org/claims/emailaddress': 'Email',
  'http://wso2.org/claims/mobile': 'Mobile',
  'http://wso2.org/claims/givenname': 'First Name',
  'http://wso2.org/claims/lastname': 'Last Name',
};

/** The claims that username recovery looks for. None is required by itself: any of them will do. */
export const usernameClaims = searchableClaims.map((uri, index): z.output<typeof describedClaim> => ({
  uri,
  value: null,
  description: labels[uri] ?? uri,
  'display-name': labels[uri] ?? uri,
  dialect: 'http://wso2.org/claims',
  'validation-regex': null,
  required: false,
  'read-only': false,
  'display-order': index + 1,
}));
