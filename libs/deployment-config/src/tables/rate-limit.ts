import type { z } from 'zod';
import { table } from '../table.ts';
import { toggle, whole } from '../values/scalars.ts';

/** `[rate_limit]` (Rekey's). */
export interface RateLimitSettings {
  readonly enable: boolean;
  /** Requests that one client address may make in a minute at the doors that strangers reach, and calls with wrong credentials: default 60. */
  readonly requestsPerAddressPerMinute: number;
  /** Recovery mails for one account in an hour, beyond which requests are answered as ever and send nothing: default 10, more than the first and its five resends. */
  readonly mailsPerAccountPerHour: number;
  /** Wrong passwords for one account in an hour, beyond which even the right one is refused; each address that the account has signed in from has as many of its own: default 100. */
  readonly failedSignInsPerAccountPerHour: number;
}

export const rateLimitToml = table({
  enable: toggle.prefault(true),
  requests_per_address_per_minute: whole(1, 1_000_000).prefault(60),
  mails_per_account_per_hour: whole(1, 1_000).prefault(10),
  failed_sign_ins_per_account_per_hour: whole(1, 10_000).prefault(100),
}).prefault({});

export function rateLimitSettings(toml: z.output<typeof rateLimitToml>): RateLimitSettings {
  return {
    enable: toml.enable,
    requestsPerAddressPerMinute: toml.requests_per_address_per_minute,
    mailsPerAccountPerHour: toml.mails_per_account_per_hour,
    failedSignInsPerAccountPerHour: toml.failed_sign_ins_per_account_per_hour,
  };
}
