import { addressClaims } from './address-claims.ts';
import { wso2Claim } from './wso2-claim.ts';

/** Where a person is reached, of which there may be several, as SCIM names them. */
export type ContactKind = 'emails' | 'phoneNumbers' | 'addresses';

/** WSO2's claims of each: one for each type, and one for what has none. */
export interface ContactClaims {
  readonly typed: Readonly<Record<string, string>>;
  readonly others: string;
}

/** Of postal addresses WSO2 keeps the whole text, in claims whose names say something else. */
export const contactClaims = {
  emails: addressClaims,
  phoneNumbers: {
    typed: { mobile: wso2Claim('mobile'), work: wso2Claim('phoneNumbers.work'), home: wso2Claim('phoneNumbers.home'), fax: wso2Claim('phoneNumbers.fax'), pager: wso2Claim('phoneNumbers.pager'), other: wso2Claim('phoneNumbers.other') },
    others: wso2Claim('phoneNumbers'),
  },
  addresses: {
    typed: { work: wso2Claim('region'), home: wso2Claim('addresses.locality') },
    others: wso2Claim('addresses'),
  },
} as const satisfies Record<ContactKind, ContactClaims>;
