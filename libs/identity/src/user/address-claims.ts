import { canonicalText } from './canonical-text.ts';
import { wso2Claim } from './wso2-claim.ts';

/** What WSO2 tells addresses apart by; one of each type. */
export const addressTypes = ['work', 'home', 'other'] as const;
export type AddressType = (typeof addressTypes)[number];

/** WSO2's claims of mail addresses: the one that mails go to, those with a type (it may be one of them), and any others, with commas between. */
export const addressClaims = {
  primary: wso2Claim('emailaddress'),
  typed: { work: wso2Claim('emails.work'), home: wso2Claim('emails.home'), other: wso2Claim('emails.other') } satisfies Record<AddressType, string>,
  others: wso2Claim('emailAddresses'),
} as const;

/** RFC 5321 section 4.5.3.1. */
const maxAddressLength = 320;

/** The one form in which addresses are compared. What has none is itself. */
export function canonicalAddress(address: string): string {
  return canonicalText(address, maxAddressLength) ?? address;
}
