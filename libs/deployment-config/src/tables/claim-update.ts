import type { z } from 'zod';
import { table } from '../table.ts';
import { mailedValidity, toggle } from '../values/scalars.ts';

/** `[identity_mgt.user_claim_update.email]`: what becomes of a changed mail address. */
export interface ClaimUpdateSettings {
  /** `enable_verification`: it counts once it is confirmed by mail; default false. */
  readonly verifyEmail: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `enable_notification`: whether the old address is told when another one waits for that; default true. */
  readonly notifyExisting: boolean;
}

export const claimUpdateToml = table({
  email: table({
    enable_verification: toggle.prefault(false),
    verification_email_validity: mailedValidity.prefault('24h'),
    enable_notification: toggle.prefault(true),
  }).prefault({}),
}).prefault({});

export function claimUpdateSettings({ email }: z.output<typeof claimUpdateToml>): ClaimUpdateSettings {
  return { verifyEmail: email.enable_verification, verificationMinutes: email.verification_email_validity / 60, notifyExisting: email.enable_notification };
}
