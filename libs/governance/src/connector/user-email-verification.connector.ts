import { connector } from './connector.ts';
import { fixed, toggle, whole } from './property.ts';

const onboarding = 'identity_mgt.user_onboarding';

/** Whether administrators may make accounts whose owners prove the address, or set the first password, by a link. */
export const userEmailVerification = connector({
  name: 'user-email-verification',
  friendlyName: 'Ask Password',
  category: 'User Onboarding',
  properties: {
    enable: toggle({ name: 'EmailVerification.Enable', displayName: 'Enable user email verification', description: 'Whoever makes a user may ask for the address to be confirmed by mail (verifyEmail), or for the person to set the password (askPassword)', key: `${onboarding}.enable_email_verification` }, ({ userOnboarding }) => userOnboarding.enable),
    lockOnCreation: fixed({ name: 'EmailVerification.LockOnCreation', displayName: 'Enable account lock on creation', description: '' }, 'true', 'such an account is locked until its owner has opened it'),
    manageInternally: fixed({ name: 'EmailVerification.Notification.InternallyManage', displayName: 'Manage notifications sending internally', description: '' }, 'true', 'only a mail shows that an address is the person’s'),
    verificationMinutes: whole({ name: 'EmailVerification.ExpiryTime', displayName: 'Email verification code expiry time', description: 'How long the link to confirm the address works, 1 to 1440 minutes', key: `${onboarding}.verification_email_validity` }, 1, 1_440, ({ userOnboarding }) => userOnboarding.verificationMinutes, 'minutes'),
    askPasswordMinutes: whole({ name: 'EmailVerification.AskPassword.ExpiryTime', displayName: 'Ask password code expiry time', description: 'How long the link to set the first password works, 1 to 1440 minutes', key: `${onboarding}.ask_password_email_validity` }, 1, 1_440, ({ userOnboarding }) => userOnboarding.askPasswordMinutes, 'minutes'),
    passwordGenerator: fixed({ name: 'EmailVerification.AskPassword.PasswordGenerator', displayName: 'Temporary password generation extension class', description: '' }, 'org.wso2.carbon.user.mgt.common.DefaultPasswordGenerator', 'until its owner sets one, such an account has no password at all'),
  },
});
