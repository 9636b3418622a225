import type { SqlExecutor } from '@rekey/messaging';
import { z } from 'zod';
import { moment } from '../http/moment.ts';

/** A recovery as it may be shown: nothing of its key. */
export const shownRecovery = z.object({ purpose: z.enum(['password', 'sign-up', 'address']), issuedAt: moment, expiresAt: moment, usedAt: moment.nullable(), voidedAt: moment.nullable() });

/** The newest of each purpose: no others are kept. */
export async function recoveriesOf(database: SqlExecutor, userId: string): Promise<z.output<typeof shownRecovery>[]> {
  const rows = await database.query<z.output<typeof shownRecovery>>(
    `SELECT purpose, issued_at AS "issuedAt", expires_at AS "expiresAt", used_at AS "usedAt", voided_at AS "voidedAt" FROM recovery WHERE user_id = $1 AND NOT decoy ORDER BY issued_at DESC`,
    [userId],
  );
  return [...rows];
}
