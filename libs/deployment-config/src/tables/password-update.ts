import type { z } from 'zod';
import { table } from '../table.ts';
import { toggle } from '../values/scalars.ts';

export interface PasswordUpdateSettings {
  /** `identity_mgt.password_update.preserve_logged_in_session`: whoever changes their own password stays signed in where they did it; default false. */
  readonly preserveLoggedInSession: boolean;
}

export const passwordUpdateToml = table({ preserve_logged_in_session: toggle.prefault(false) }).prefault({});

export function passwordUpdateSettings(toml: z.output<typeof passwordUpdateToml>): PasswordUpdateSettings {
  return { preserveLoggedInSession: toml.preserve_logged_in_session };
}
