import { connector } from './connector.ts';
import { fixed, toggle, whole } from './property.ts';

const ofEmail = 'identity_mgt.user_claim_update.email';
const noTextMessages = 'Rekey sends no text messages';

/** What becomes of a mail address that somebody changes. */
export const userClaimUpdate = connector({
  name: 'user-claim-update',
  friendlyName: 'User Claim Update',
  category: 'Other Settings',
  properties: {
    verifyEmail: toggle({ name: 'UserClaimUpdate.Email.EnableVerification', displayName: 'Enable user email verification on update', description: 'A changed mail address counts once it is confirmed by mail', key: `${ofEmail}.enable_verification` }, ({ claimUpdate }) => claimUpdate.verifyEmail),
    verificationMinutes: whole({ name: 'UserClaimUpdate.Email.VerificationCode.ExpiryTime', displayName: 'Email verification on update link expiry time', description: 'How long the link works, 1 to 1440 minutes', key: `${ofEmail}.verification_email_validity` }, 1, 1_440, ({ claimUpdate }) => claimUpdate.verificationMinutes, 'minutes'),
    notifyExisting: toggle({ name: 'UserClaimUpdate.Email.EnableNotification', displayName: 'Enable user email notification on update', description: 'Mails the old address when another one waits to be confirmed', key: `${ofEmail}.enable_notification` }, ({ claimUpdate }) => claimUpdate.notifyExisting),
    verifyMobile: fixed({ name: 'UserClaimUpdate.MobileNumber.EnableVerification', displayName: 'Enable user mobile number verification on update', description: '' }, 'false', noTextMessages),
    mobileMinutes: fixed({ name: 'UserClaimUpdate.MobileNumber.VerificationCode.ExpiryTime', displayName: 'Mobile number verification on update SMS OTP expiry time', description: '' }, '5', noTextMessages),
    verifyMobileByPrivileged: fixed({ name: 'UserClaimUpdate.MobileNumber.EnableVerificationByPrivilegedUser', displayName: 'Enable mobile number verification by privileged users', description: '' }, 'false', noTextMessages),
  },
});
