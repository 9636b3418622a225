import type { z } from 'zod';
import { table } from '../table.ts';
import { mailedValidity, toggle } from '../values/scalars.ts';

/** `[identity_mgt.user_onboarding]`: accounts that administrators make, and their owners open. */
export interface UserOnboardingSettings {
  /** `enable_email_verification`: default false. */
  readonly enable: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `ask_password_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly askPasswordMinutes: number;
}

export const userOnboardingToml = table({
  enable_email_verification: toggle.prefault(false),
  verification_email_validity: mailedValidity.prefault('24h'),
  ask_password_email_validity: mailedValidity.prefault('24h'),
}).prefault({});

export function userOnboardingSettings(toml: z.output<typeof userOnboardingToml>): UserOnboardingSettings {
  return { enable: toml.enable_email_verification, verificationMinutes: toml.verification_email_validity / 60, askPasswordMinutes: toml.ask_password_email_validity / 60 };
}
