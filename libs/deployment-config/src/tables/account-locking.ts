import type { z } from 'zod';
import { table } from '../table.ts';
import { duration, ratio, toggle, whole } from '../values/scalars.ts';

/** `[identity_mgt.account_locking]`: off by default. */
export interface AccountLockingSettings {
  readonly enable: boolean;
  /** `allowed_failed_attempts`: default 5. */
  readonly allowedFailedAttempts: number;
  /** `auto_unlock_after`: default 5 minutes; 0: until an administrator or a reset unlocks it. */
  readonly autoUnlockAfterSeconds: number;
  /** `auto_unlock_time_increment_ratio`: each further lock lasts so many times as long; default 2. */
  readonly autoUnlockTimeIncrementRatio: number;
  /** `notify` (Rekey's): mails about locks and unlocks; default true. */
  readonly notify: boolean;
}

export const accountLockingToml = table({
  enable_account_locking: toggle.prefault(false),
  allowed_failed_attempts: whole(1, 100).prefault(5),
  auto_unlock_after: duration(0, 31 * 24 * 3_600, 'm', 'a duration up to "31d", "0s" for never').prefault('5m'),
  auto_unlock_time_increment_ratio: ratio(1, 100).prefault(2),
  notify: toggle.prefault(true),
}).prefault({});

export function accountLockingSettings(toml: z.output<typeof accountLockingToml>): AccountLockingSettings {
  return {
    enable: toml.enable_account_locking,
    allowedFailedAttempts: toml.allowed_failed_attempts,
    autoUnlockAfterSeconds: toml.auto_unlock_after,
    autoUnlockTimeIncrementRatio: toml.auto_unlock_time_increment_ratio,
    notify: toml.notify,
  };
}
