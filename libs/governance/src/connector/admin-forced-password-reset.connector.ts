import { connector } from './connector.ts';
import { fixed, toggle, whole } from './property.ts';

const byAdmin = 'identity_mgt.password_reset_by_admin';
const reset = 'Recovery.AdminPasswordReset';

/** What a person is mailed whose password an administrator wants reset. */
export const adminForcedPasswordReset = connector({
  name: 'admin-forced-password-reset',
  friendlyName: 'Password Reset',
  category: 'Account Management',
  properties: {
    byLink: toggle({ name: `${reset}.RecoveryLink`, displayName: 'Enable password reset via recovery e-mail', description: 'Mails a link to whoever is to set another password', key: `${byAdmin}.enable_emailed_link_based_reset` }, ({ adminForcedReset }) => adminForcedReset.byLink),
    byOtp: toggle({ name: `${reset}.OTP`, displayName: 'Enable password reset via OTP', description: 'Mails a code to type to whoever is to set another password', key: `${byAdmin}.enable_emailed_otp_based_reset` }, ({ adminForcedReset }) => adminForcedReset.byOtp),
    offline: fixed({ name: `${reset}.Offline`, displayName: 'Enable password reset offline', description: '' }, 'false', 'no code is kept where an administrator can read it'),
    validityMinutes: whole({ name: `${reset}.ExpiryTime`, displayName: 'Admin forced password reset code expiry time', description: 'How long the link or the code works, 1 to 1440 minutes', key: `${byAdmin}.code_validity_period` }, 1, 1_440, ({ adminForcedReset }) => adminForcedReset.validityMinutes, 'minutes'),
  },
});
