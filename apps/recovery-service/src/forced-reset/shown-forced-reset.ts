import { qualifiedName } from '@rekey/identity';
import { z } from 'zod';
import { forcedResetStates, type ForcedReset, type UsersByReason } from './forced-reset.ts';

const count = z.int().min(0);
const reasons = z.record(z.string(), count);

export const shownForcedReset = z.object({
  id: z.uuid(),
  state: z.enum(forcedResetStates),
  filter: z.string().nullable().meta({ description: 'null: for a list.' }),
  way: z.enum(['link', 'otp']).nullable().meta({ description: 'null: as the tenant has it.' }),
  total: count.meta({ description: 'Of a filter: as it was found at the start, and in the end as it was.' }),
  done: count,
  failed: count,
  skipped: count,
  reasons: z.object({ failed: reasons, skipped: reasons }).meta({ description: 'How many failed and were skipped, by the code or the reason.' }),
  startedBy: z.string().meta({ description: 'As `name@tenant-domain`.' }),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});

export type ShownForcedReset = z.output<typeof shownForcedReset>;

export function shown({ id, state, filter, way, total, done, failed, skipped, startedBy, createdAt, startedAt, finishedAt }: ForcedReset): ShownForcedReset {
  return {
    id,
    state,
    filter,
    way,
    total,
    done,
    failed: sumOf(failed),
    skipped: sumOf(skipped),
    reasons: { failed, skipped },
    startedBy: qualifiedName(startedBy),
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

function sumOf(users: UsersByReason): number {
  return Object.values(users).reduce((sum, count) => sum + count, 0);
}
