import { z } from 'zod';
import { table } from '../table.ts';
import { duration, locale, mailsPerSecond, whole } from '../values/scalars.ts';

/** `[delivery]` of the notification service. */
export interface DeliverySettings {
  /** Mails in flight at once per worker: default 20. */
  readonly concurrency: number;
  /** How many more a worker has in hand before there is a slot for them, at most: default five times `concurrency`. */
  readonly prefetch: number;
  /** Mails that may wait to be sent, of all workers together: default 100,000. Further events are left on the bus meanwhile. */
  readonly mostWaiting: number;
  /** Of `concurrency` at most so many to addresses of one domain: default four fifths. */
  readonly concurrencyPerDomain: number;
  /** Per worker, to addresses of one domain; null: as many as the relays take. */
  readonly mailsPerSecondPerDomain: number | null;
  /** Of all workers together: 20 mails to one address of a tenant in an hour, and no limit to a tenant's in a minute. */
  readonly caps: { readonly perHourPerRecipient: number | null; readonly perMinutePerTenant: number | null };
  /** How long what became of mails is kept: default 30 days; a tenant may have its own. */
  readonly retention: { readonly days: number; readonly daysOfTenant: Readonly<Record<string, number>> };
  /** `delivery.default_locale`: default `en_US`. */
  readonly defaultLocale: string;
}

const daySeconds = 24 * 3_600;
/** No link works longer than the shortest. */
const retention = duration(daySeconds, 3_650 * daySeconds, 's', 'a duration in whole days from "1d" to "3650d"', daySeconds);

export const deliveryToml = table({
  concurrency: whole(1, 1_000).prefault(20),
  prefetch: whole(0, 10_000).optional(),
  most_waiting: whole(1, 10_000_000).prefault(100_000),
  concurrency_per_domain: whole(1, 1_000).optional(),
  mails_per_second_per_domain: mailsPerSecond.optional(),
  mails_per_hour_per_recipient: whole(1, 1_000_000).prefault(20),
  mails_per_minute_per_tenant: whole(1, 1_000_000).optional(),
  retention: retention.prefault('30d'),
  retention_of_tenant: z.record(z.string(), retention, { error: 'a table of durations' }).prefault({}),
  default_locale: locale.prefault('en_US'),
}).prefault({});

/** A domain whose mails hang leaves a fifth of the slots to the others. */
const shareOfOneDomain = 0.8;
/** So that one statement takes many mails, where relays are fast. */
const takenAheadForEachSlot = 5;

export function deliverySettings(toml: z.output<typeof deliveryToml>): DeliverySettings {
  const { concurrency } = toml;
  return {
    concurrency,
    prefetch: toml.prefetch ?? takenAheadForEachSlot * concurrency,
    mostWaiting: toml.most_waiting,
    concurrencyPerDomain: toml.concurrency_per_domain ?? Math.max(1, Math.floor(concurrency * shareOfOneDomain)),
    mailsPerSecondPerDomain: toml.mails_per_second_per_domain ?? null,
    caps: { perHourPerRecipient: toml.mails_per_hour_per_recipient, perMinutePerTenant: toml.mails_per_minute_per_tenant ?? null },
    retention: { days: toml.retention / daySeconds, daysOfTenant: Object.fromEntries(Object.entries(toml.retention_of_tenant).map(([domain, seconds]) => [domain, seconds / daySeconds])) },
    defaultLocale: toml.default_locale,
  };
}
