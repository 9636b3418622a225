import { canonicalText } from './canonical-text.ts';
import { wso2Claim } from './wso2-claim.ts';

/** WSO2's claims of mail addresses: the one that mails go to, those with a type (it may be one of them), and any others, with commas between. */
export const addressClaims = {
  primary: wso2Claim('emailaddress'),
  typed: { work: wso2Claim('emails.work'), home: wso2Claim('emails.home'), other: wso2Claim('emails.other') },
  others: wso2Claim('emailAddresses'),
} as const;

/** RFC 5321 section 4.5.3.1. */
const maxAddressLength = 320;

/** The one form in which addresses are compared. What has none is itself. */
export function canonicalAddress(address: string): string {
  return canonicalText(address, maxAddressLength) ?? address;
}
