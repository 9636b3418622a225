import { connector } from './connector.ts';
import { fixed, pattern, toggle, whole } from './property.ts';

const registration = 'identity_mgt.user_self_registration';
const noTextMessages = 'Rekey sends no text messages';

/** Whether and how people make accounts of their own. */
export const selfSignUp = connector({
  name: 'self-sign-up',
  friendlyName: 'Self Registration',
  category: 'User Onboarding',
  properties: {
    enable: toggle({ name: 'SelfRegistration.Enable', displayName: 'User self registration', description: 'People can make accounts of their own', key: `${registration}.allow_self_registration` }, ({ selfRegistration }) => selfRegistration.enable),
    lockOnCreation: toggle({ name: 'SelfRegistration.LockOnCreation', displayName: 'Lock user account on creation', description: 'Nobody signs in to a new account until the address is confirmed by mail', key: `${registration}.lock_on_creation` }, ({ selfRegistration }) => selfRegistration.lockOnCreation),
    confirmUnlocked: fixed({ name: 'SelfRegistration.SendConfirmationOnCreation', displayName: 'Enable Account Confirmation On Creation', description: '' }, 'false', 'an address is confirmed where the account is locked until then'),
    manageInternally: fixed({ name: 'SelfRegistration.Notification.InternallyManage', displayName: 'Manage notifications sending internally', description: '' }, 'true', 'only a mail shows that an address is the person’s'),
    recaptcha: toggle({ name: 'SelfRegistration.ReCaptcha', displayName: 'Prompt reCaptcha', description: 'Tells portals to ask for a captcha before an account is made', key: `${registration}.enable_recaptcha` }, ({ selfRegistration }) => selfRegistration.recaptcha),
    verificationMinutes: whole({ name: 'SelfRegistration.VerificationCode.ExpiryTime', displayName: 'User self registration verification link expiry time', description: 'How long the link works, 1 to 1440 minutes', key: `${registration}.verification_email_validity` }, 1, 1_440, ({ selfRegistration }) => selfRegistration.verificationMinutes, 'minutes'),
    smsOtpMinutes: fixed({ name: 'SelfRegistration.VerificationCode.SMSOTP.ExpiryTime', displayName: 'User self registration SMS OTP expiry time', description: '' }, '1', noTextMessages),
    smsOtpRegex: fixed({ name: 'SelfRegistration.SMSOTP.Regex', displayName: 'User self registration SMS OTP regex', description: '' }, '[a-zA-Z0-9]{6}', noTextMessages),
    callbackPattern: pattern({ name: 'SelfRegistration.CallbackRegex', displayName: 'User self registration callback URL regex', description: 'Which callback addresses a request may name; the whole address must match', key: 'identity_mgt.recovery.callback_url' }, ({ passwordRecovery }) => passwordRecovery.callbackPattern),
    notifyOnConfirmation: toggle({ name: 'SelfRegistration.NotifyAccountConfirmation', displayName: 'Send sign up confirmation email', description: 'Mails the person once the address is confirmed', key: `${registration}.notify_account_confirmation` }, ({ selfRegistration }) => selfRegistration.notifyOnConfirmation),
    resendRecaptcha: toggle({ name: 'SelfRegistration.ResendConfirmationReCaptcha', displayName: 'Prompt reCaptcha on re-send confirmation', description: 'Asks for a captcha before the mail is sent again', key: `${registration}.enable_resend_confirmation_recaptcha` }, ({ selfRegistration }) => selfRegistration.resendRecaptcha),
    showTaken: fixed({ name: 'SelfRegistration.ShowUsernameUnavailability', displayName: 'Show username unavailability', description: '' }, 'true', 'a portal, which has credentials, is told whether a name is taken'),
    autoLogin: fixed({ name: 'SelfRegistration.AutoLogin.Enable', displayName: 'Enable Auto Login After Account Confirmation', description: '' }, 'false', 'a mailed link signs nobody in (WSO2-2021-1292)'),
  },
});
