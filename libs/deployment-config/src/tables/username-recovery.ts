import type { z } from 'zod';
import { table } from '../table.ts';
import { toggle } from '../values/scalars.ts';

/** `[identity_mgt.username_recovery.email]`: off by default. */
export interface UsernameRecoverySettings {
  readonly enable: boolean;
  readonly recaptcha: boolean;
}

export const usernameRecoveryToml = table({
  email: table({ enable_username_recovery: toggle.prefault(false), enable_recaptcha: toggle.prefault(false) }).prefault({}),
}).prefault({});

export function usernameRecoverySettings({ email }: z.output<typeof usernameRecoveryToml>): UsernameRecoverySettings {
  return { enable: email.enable_username_recovery, recaptcha: email.enable_recaptcha };
}
