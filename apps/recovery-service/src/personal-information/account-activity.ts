import type { AuditLog } from '@rekey/governance';
import { keysetPage, type SqlExecutor } from '@rekey/messaging';
import { z } from 'zod';
import { moment } from '../http/moment.ts';
import { recoveriesOf, shownRecovery } from '../recovery/recoveries-of.ts';

export const activityQuery = z.object({
  after: z.string().regex(/^\d{1,18}$/).optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const shownRecord = z.object({
  at: moment,
  operation: z.string(),
  outcome: z.string().meta({ description: '`done`, or the code that it was refused with.' }),
  actor: z.string().nullable().meta({ description: 'Who asked, as `name@tenant`; null for a sign-in, and where nobody was signed in.' }),
  changed: z.array(z.string()).readonly().meta({ description: 'Names of what was changed, without the values.' }),
});

/** @param record what is told of each thing that happened */
export function activityBody<Shape extends z.ZodType>(record: Shape) {
  return z.object({
    recoveries: z.array(shownRecovery).meta({ description: 'The newest of each purpose.' }),
    records: z.array(record).meta({ description: 'Newest first; kept for 90 days.' }),
    next: z.string().nullable().meta({ description: 'For `after`; null where there are no more.' }),
  });
}

/** What happened to an account: its recoveries, and a page of its records. A page stays what it was, whatever comes in meanwhile. */
export async function activityOf({ database, audit }: { readonly database: SqlExecutor; readonly audit: AuditLog }, userId: string, { after = null, limit: atMost }: { readonly after?: string | null | undefined; readonly limit: number }): Promise<z.output<ReturnType<typeof activityBody<typeof shownRecord>>>> {
  const [recoveries, { page, next }] = await Promise.all([recoveriesOf(database, userId), keysetPage(atMost, (limit) => audit.recordsOf(userId, limit, after), ({ id }) => id)]);
  const records = page.map(({ at, operation, outcome, actor, claims }) => ({ at, operation, outcome, actor, changed: claims }));
  return { recoveries, records, next };
}
