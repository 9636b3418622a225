import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { table } from '../table.ts';
import { duration, isPattern, longestMailedSeconds, mailedValidity, neverOn, text, toggle, whole } from '../values/scalars.ts';
import { withCarbonVariables } from './carbon-variables.ts';
import type { ServerSettings } from './server.ts';

export interface PasswordRecoverySettings {
  /** `identity_mgt.password_reset_email.enable_password_reset_email`: default of the run-time setting `Recovery.Notification.Password.Enable`. */
  readonly enable: boolean;
  /** `identity_mgt.password_reset_email.reset_mail_validity`, in minutes: default 60, 1 to 1440. */
  readonly linkValidityMinutes: number;
  /** `identity_mgt.password_reset_email.notify_on_reset`: default true. */
  readonly notifyOnReset: boolean;
  /** `identity_mgt.recovery.notification.manage_internally`: default true. */
  readonly manageInternally: boolean;
  /** `identity_mgt.recovery.callback_url`: anchored regular expression of allowed callbacks; default: the own base URL and what lies below it. */
  readonly callbackPattern: string;
  /** `identity_mgt.password_reset_email.cooldown` (Rekey's): seconds in which a repeated request keeps the same key; default 60. */
  readonly cooldownSeconds: number;
  /** `identity_mgt.resend_notification.max_resend_attempts` (Rekey's): mails per key beyond the first; default 5. */
  readonly maxResendAttempts: number;
  /** `identity_mgt.password_reset_email.confirmation_code_tolerance_period`: asked again within so many minutes of its issue, the same key is mailed once more; default 0, less than the link's validity. */
  readonly toleranceMinutes: number;
  /** `[identity_mgt.password_reset_email.otp]` */
  readonly otp: OtpSettings;
  /** `identity_mgt.password_reset_email.enable_recaptcha`: default false. */
  readonly recaptcha: boolean;
  /** What callers of the API are told of an account that gets no mail; default nothing. `identity_mgt.recovery.hide_user_existence` hides it all. */
  readonly tells: {
    /** `identity_mgt.recovery.notify_user_existence` */
    readonly existence: boolean;
    /** `identity_mgt.recovery.notify_recovery_email_existence` */
    readonly address: boolean;
    /** `identity_mgt.recovery.notify_user_account_status` */
    readonly status: boolean;
  };
}

/** A code to type in place of a link; of at least one kind of character. */
export interface OtpSettings {
  /** `send_otp_in_email`: default false, a link. */
  readonly sendInEmail: boolean;
  readonly uppercase: boolean;
  readonly lowercase: boolean;
  readonly numeric: boolean;
  /** Default 6, 6 to 10. */
  readonly length: number;
}

export interface AccountRecoveryApiSettings {
  /** `identity_mgt.recovery.enable_v1_api`: default true. */
  readonly enableV1: boolean;
  /** `identity_mgt.notification_channel_recovery.recovery_code_validity`: default 60. */
  readonly recoveryCodeSeconds: number;
  /** `identity_mgt.resend_notification.resend_code_validity`: default 120. */
  readonly resendCodeSeconds: number;
}

export const passwordResetEmailToml = table({
  enable_password_reset_email: toggle.prefault(false),
  reset_mail_validity: mailedValidity.prefault('60m'),
  notify_on_reset: toggle.prefault(true),
  cooldown: duration(0, 3_600, 's', 'a duration from "0s" to "1h"').prefault('60s'),
  confirmation_code_tolerance_period: duration(0, longestMailedSeconds, 'm', 'a duration from "0m" to "24h"').prefault('0m'),
  enable_recaptcha: toggle.prefault(false),
  otp: table({
    send_otp_in_email: toggle.prefault(false),
    use_uppercase_in_otp: toggle.prefault(true),
    use_lowercase_in_otp: toggle.prefault(true),
    use_numeric_in_otp: toggle.prefault(true),
    otp_length: whole(6, 10).prefault('6'),
  }).prefault({}),
}).prefault({});

export const recoveryToml = table({
  callback_url: text('a regular expression').optional(),
  enable_auto_login: neverOn('a reset signs nobody in (WSO2-2021-1292)').prefault(false),
  notification: table({ manage_internally: toggle.prefault(true) }).prefault({}),
  notify_user_existence: toggle.prefault(false),
  notify_recovery_email_existence: toggle.prefault(false),
  notify_user_account_status: toggle.prefault(false),
  hide_user_existence: toggle.prefault(false),
  enable_v1_api: toggle.prefault(true),
}).prefault({});

/** How long a code of the account recovery API works, from one call to the next. */
const stepValidity = duration(10, 3_600, 'm', 'a duration from "10s" to "1h"');

export const channelRecoveryToml = table({ recovery_code_validity: stepValidity.prefault('1m') }).prefault({});

export const resendNotificationToml = table({ max_resend_attempts: whole(0, 100).prefault(5), resend_code_validity: stepValidity.prefault('2m') }).prefault({});

interface RecoveryTables {
  readonly password_reset_email: z.output<typeof passwordResetEmailToml>;
  readonly recovery: z.output<typeof recoveryToml>;
  readonly notification_channel_recovery: z.output<typeof channelRecoveryToml>;
  readonly resend_notification: z.output<typeof resendNotificationToml>;
}
type ResetEmail = RecoveryTables['password_reset_email'];

/** @throws DeploymentConfigError where the keys contradict each other, or no callback could ever match */
export function passwordRecoverySettings({ password_reset_email: resetEmail, recovery, resend_notification: resend }: RecoveryTables, server: ServerSettings, layers: DeploymentLayers): PasswordRecoverySettings {
  return {
    enable: resetEmail.enable_password_reset_email,
    linkValidityMinutes: resetEmail.reset_mail_validity / 60,
    notifyOnReset: resetEmail.notify_on_reset,
    manageInternally: recovery.notification.manage_internally,
    callbackPattern: callbackPattern(recovery.callback_url, server, layers),
    cooldownSeconds: resetEmail.cooldown,
    toleranceMinutes: toleranceMinutes(resetEmail, layers),
    maxResendAttempts: resend.max_resend_attempts,
    otp: otpSettings(resetEmail.otp, layers),
    recaptcha: resetEmail.enable_recaptcha,
    tells: {
      existence: recovery.notify_user_existence && !recovery.hide_user_existence,
      address: recovery.notify_recovery_email_existence && !recovery.hide_user_existence,
      status: recovery.notify_user_account_status && !recovery.hide_user_existence,
    },
  };
}

export function accountRecoveryApiSettings({ recovery, notification_channel_recovery: channel, resend_notification: resend }: RecoveryTables): AccountRecoveryApiSettings {
  return { enableV1: recovery.enable_v1_api, recoveryCodeSeconds: channel.recovery_code_validity, resendCodeSeconds: resend.resend_code_validity };
}

function callbackPattern(written: string | undefined, { hostname, baseUrl, httpsPort }: ServerSettings, layers: DeploymentLayers): string {
  if (written === undefined) return `${escapePattern(baseUrl)}(?:/.*)?`;
  const pattern = withCarbonVariables(written, escapePattern(hostname), httpsPort);
  if (!isPattern(pattern)) throw layers.unexpected(['identity_mgt', 'recovery', 'callback_url'], 'a regular expression');
  return pattern;
}

function escapePattern(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function toleranceMinutes({ confirmation_code_tolerance_period: seconds, reset_mail_validity: validity }: ResetEmail, layers: DeploymentLayers): number {
  if (seconds >= validity) throw layers.unexpected(['identity_mgt', 'password_reset_email', 'confirmation_code_tolerance_period'], `less than reset_mail_validity (${validity / 60} minutes)`);
  return seconds / 60;
}

function otpSettings(otp: ResetEmail['otp'], layers: DeploymentLayers): OtpSettings {
  const { send_otp_in_email: sendInEmail, use_uppercase_in_otp: uppercase, use_lowercase_in_otp: lowercase, use_numeric_in_otp: numeric, otp_length: length } = otp;
  if (!uppercase && !lowercase && !numeric) throw layers.refusal(['identity_mgt', 'password_reset_email', 'otp'], 'leaves a code no characters: expected use_uppercase_in_otp, use_lowercase_in_otp or use_numeric_in_otp to be true');
  return { sendInEmail, uppercase, lowercase, numeric, length };
}
