import type { z } from 'zod';
import { table } from '../table.ts';
import { mailedValidity, toggle } from '../values/scalars.ts';

/** `[identity_mgt.password_reset_by_admin]`: what a person is mailed whose password an administrator has reset. */
export interface AdminForcedResetSettings {
  /** `enable_emailed_link_based_reset`: default true. */
  readonly byLink: boolean;
  /** `enable_emailed_otp_based_reset`: default false. */
  readonly byOtp: boolean;
  /** `code_validity_period`, in minutes: default 1440, 1 to 1440. */
  readonly validityMinutes: number;
}

export const passwordResetByAdminToml = table({
  enable_emailed_link_based_reset: toggle.prefault(true),
  enable_emailed_otp_based_reset: toggle.prefault(false),
  code_validity_period: mailedValidity.prefault('24h'),
}).prefault({});

export function adminForcedResetSettings(toml: z.output<typeof passwordResetByAdminToml>): AdminForcedResetSettings {
  return { byLink: toml.enable_emailed_link_based_reset, byOtp: toml.enable_emailed_otp_based_reset, validityMinutes: toml.code_validity_period / 60 };
}
