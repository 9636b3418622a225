import { connector } from './connector.ts';
import { fixed, pattern, toggle, whole, type ConnectorDefaults } from './property.ts';

const email = 'identity_mgt.password_reset_email';
const emailedOtp = `${email}.otp`;
const usernameByMail = 'identity_mgt.username_recovery.email';
const password = 'Recovery.Notification.Password';
const username = 'Recovery.Notification.Username';
const question = 'Recovery.Question';
const noQuestions = 'Rekey asks no security questions';
const noTextMessages = 'Rekey sends no text messages';

const byOtp = ({ passwordRecovery: { otp } }: ConnectorDefaults) => otp.sendInEmail;

/** Who may recover what, how, and what recovery tells of it. */
export const accountRecovery = connector({
  name: 'account-recovery',
  friendlyName: 'Account Recovery',
  category: 'Account Management',
  properties: {
    notificationBasedPasswordRecovery: toggle({ name: `${password}.Enable`, displayName: 'Notification based password recovery', description: 'A person who forgot the password can ask for a link or a code by mail', key: `${email}.enable_password_reset_email` }, ({ passwordRecovery }) => passwordRecovery.enable),
    otpByEmail: toggle({ name: `${password}.OTP.SendOTPInEmail`, displayName: 'Send OTP in e-mail', description: 'Mails a code to type in place of a link', key: `${emailedOtp}.send_otp_in_email` }, (config) => config.passwordRecovery.enable && byOtp(config)),
    otpUppercase: toggle({ name: `${password}.OTP.UseUppercaseCharactersInOTP`, displayName: 'Include uppercase characters in OTP', description: 'Codes have capital letters', key: `${emailedOtp}.use_uppercase_in_otp` }, ({ passwordRecovery: { otp } }) => otp.uppercase),
    otpLowercase: toggle({ name: `${password}.OTP.UseLowercaseCharactersInOTP`, displayName: 'Include lowercase characters in OTP', description: 'Codes have small letters', key: `${emailedOtp}.use_lowercase_in_otp` }, ({ passwordRecovery: { otp } }) => otp.lowercase),
    otpNumeric: toggle({ name: `${password}.OTP.UseNumbersInOTP`, displayName: 'Include numbers in OTP', description: 'Codes have digits', key: `${emailedOtp}.use_numeric_in_otp` }, ({ passwordRecovery: { otp } }) => otp.numeric),
    otpLength: whole({ name: `${password}.OTP.OTPLength`, displayName: 'OTP length', description: 'How many characters a code has, 6 to 10', key: `${emailedOtp}.otp_length` }, 6, 10, ({ passwordRecovery: { otp } }) => otp.length),
    passwordRecaptcha: toggle({ name: 'Recovery.ReCaptcha.Password.Enable', displayName: 'Enable reCaptcha for password recovery', description: 'Asks for a captcha before a password is recovered', key: `${email}.enable_recaptcha` }, ({ passwordRecovery }) => passwordRecovery.recaptcha),
    questions: fixed({ name: `${question}.Password.Enable`, displayName: 'Security question based password recovery', description: '' }, 'false', noQuestions),
    questionMinAnswers: fixed({ name: `${question}.Password.MinAnswers`, displayName: 'Number of questions required for password recovery', description: '' }, '2', noQuestions),
    questionAnswerRegex: fixed({ name: `${question}.Answer.Regex`, displayName: 'Security question answer regex', description: '' }, '.*', noQuestions),
    questionUniqueness: fixed({ name: `${question}.Answer.Uniqueness`, displayName: 'Enforce security question answer uniqueness', description: '' }, 'false', noQuestions),
    questionRecaptcha: fixed({ name: `${question}.Password.ReCaptcha.Enable`, displayName: 'Enable reCaptcha for security questions based password recovery', description: '' }, 'true', noQuestions),
    questionRecaptchaAttempts: fixed({ name: `${question}.Password.ReCaptcha.MaxFailedAttempts`, displayName: 'Max failed attempts for reCaptcha', description: '' }, '2', noQuestions),
    usernameRecovery: toggle({ name: `${username}.Enable`, displayName: 'Username recovery', description: 'A person who forgot the username can ask for it by mail', key: `${usernameByMail}.enable_username_recovery` }, ({ usernameRecovery }) => usernameRecovery.enable),
    usernameByEmail: toggle({ name: `${username}.Email.Enable`, displayName: 'Notification based username recovery via EMAIL', description: 'The way of username recovery', key: `${usernameByMail}.enable_username_recovery` }, ({ usernameRecovery }) => usernameRecovery.enable),
    usernameBySms: fixed({ name: `${username}.SMS.Enable`, displayName: 'Notification based username recovery via SMS', description: '' }, 'false', noTextMessages),
    usernameRecaptcha: toggle({ name: 'Recovery.ReCaptcha.Username.Enable', displayName: 'Enable reCaptcha for username recovery', description: 'Portals are told to have a captcha solved before a username is recovered', key: `${usernameByMail}.enable_recaptcha` }, ({ usernameRecovery }) => usernameRecovery.recaptcha),
    manageInternally: toggle({ name: 'Recovery.Notification.InternallyManage', displayName: 'Manage notifications sending internally', description: 'Off: the caller of the API gets the key and brings it to the person; My Account mails no link', key: 'identity_mgt.recovery.notification.manage_internally' }, ({ passwordRecovery }) => passwordRecovery.manageInternally),
    notifyOnReset: toggle({ name: 'Recovery.NotifySuccess', displayName: 'Notify when recovery success', description: 'Mails the person when the password was changed', key: `${email}.notify_on_reset` }, ({ passwordRecovery }) => passwordRecovery.notifyOnReset),
    questionNotifyStart: fixed({ name: `${question}.Password.NotifyStart`, displayName: 'Notify when security questions based recovery starts', description: '' }, 'false', noQuestions),
    linkValidityMinutes: whole({ name: 'Recovery.ExpiryTime', displayName: 'Recovery link expiry time in minutes', description: 'How long a link works, 1 to 1440 minutes', key: `${email}.reset_mail_validity` }, 1, 1_440, ({ passwordRecovery }) => passwordRecovery.linkValidityMinutes, 'minutes'),
    smsOtpMinutes: fixed({ name: `${password}.ExpiryTime.smsOtp`, displayName: 'SMS OTP expiry time', description: '' }, '1', noTextMessages),
    smsOtpRegex: fixed({ name: `${password}.smsOtp.Regex`, displayName: 'SMS OTP regex', description: '' }, '[a-zA-Z0-9]{6}', noTextMessages),
    questionForced: fixed({ name: `${question}.Password.Forced.Enable`, displayName: 'Enable forced security questions', description: '' }, 'false', noQuestions),
    questionMinForced: fixed({ name: `${question}.MinQuestionsToAnswer`, displayName: 'Minimum number of forced security questions to be answered', description: '' }, '1', noQuestions),
    callbackPattern: pattern({ name: 'Recovery.CallbackRegex', displayName: 'Recovery callback URL regex', description: 'Which callback addresses a request may name; the whole address must match', key: 'identity_mgt.recovery.callback_url' }, ({ passwordRecovery }) => passwordRecovery.callbackPattern),
    autoLogin: fixed({ name: 'Recovery.AutoLogin.Enable', displayName: 'Enable Auto Login After Password Reset', description: '' }, 'false', 'a reset signs nobody in (WSO2-2021-1292)'),
    maxFailedAttempts: whole({ name: `${password}.MaxFailedAttempts`, displayName: 'Max failed attempts for password recovery', description: 'So many wrong codes void the right one, 1 to 10' }, 1, 10, () => 3),
    maxResendAttempts: whole({ name: `${password}.MaxResendAttempts`, displayName: 'Max resend attempts for password recovery', description: 'Mails for one link or code beyond the first, 0 to 100', key: 'identity_mgt.resend_notification.max_resend_attempts' }, 0, 100, ({ passwordRecovery }) => passwordRecovery.maxResendAttempts),
    linkByEmail: toggle({ name: `${password}.emailLink.Enable`, displayName: 'Notification based password recovery via an email', description: 'Mails a link: version 0.9 and version 1 know no other way', key: `${email}.enable_password_reset_email` }, ({ passwordRecovery }) => passwordRecovery.enable),
    smsOtp: fixed({ name: `${password}.smsOtp.Enable`, displayName: 'Notification based password recovery using SMS OTP', description: '' }, 'false', noTextMessages),
  },
  switches: [
    { master: `${password}.Enable`, ways: [`${password}.emailLink.Enable`, `${password}.OTP.SendOTPInEmail`], usualWay: (config) => `${password}.${byOtp(config) ? 'OTP.SendOTPInEmail' : 'emailLink.Enable'}` },
    { master: `${username}.Enable`, ways: [`${username}.Email.Enable`], usualWay: () => `${username}.Email.Enable` },
  ],
  objectionTo: ({ otpUppercase, otpLowercase, otpNumeric }) => (otpUppercase || otpLowercase || otpNumeric ? null : { to: ['otpUppercase', 'otpLowercase', 'otpNumeric'], message: `${password}.OTP: expected one kind of character at least` }),
});
