import { table } from '../table.ts';
import { toggle, whole } from '../values/scalars.ts';

/** `[identity_mgt.password_history]`: off by default. */
export interface PasswordHistorySettings {
  readonly enable: boolean;
  /** So many of the last passwords, the present one among them, cannot be set again: default 5, 1 to 24. */
  readonly count: number;
}

export const passwordHistoryToml = table({ enable: toggle.prefault(false), count: whole(1, 24).prefault(5) }).prefault({});
