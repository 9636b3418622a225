import type { z } from 'zod';
import { table } from '../table.ts';
import { mailedValidity, toggle } from '../values/scalars.ts';

/** `[identity_mgt.user_self_registration]`: off by default. */
export interface SelfRegistrationSettings {
  readonly enable: boolean;
  /** Locked until the address is confirmed: default true. */
  readonly lockOnCreation: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `notify_account_confirmation`: default false. */
  readonly notifyOnConfirmation: boolean;
  /** `enable_recaptcha`, for portals: default false. */
  readonly recaptcha: boolean;
  /** `enable_resend_confirmation_recaptcha`, for My Account: default false. */
  readonly resendRecaptcha: boolean;
}

export const selfRegistrationToml = table({
  allow_self_registration: toggle.prefault(false),
  lock_on_creation: toggle.prefault(true),
  verification_email_validity: mailedValidity.prefault('24h'),
  notify_account_confirmation: toggle.prefault(false),
  enable_recaptcha: toggle.prefault(false),
  enable_resend_confirmation_recaptcha: toggle.prefault(false),
}).prefault({});

export function selfRegistrationSettings(toml: z.output<typeof selfRegistrationToml>): SelfRegistrationSettings {
  return {
    enable: toml.allow_self_registration,
    lockOnCreation: toml.lock_on_creation,
    verificationMinutes: toml.verification_email_validity / 60,
    notifyOnConfirmation: toml.notify_account_confirmation,
    recaptcha: toml.enable_recaptcha,
    resendRecaptcha: toml.enable_resend_confirmation_recaptcha,
  };
}
