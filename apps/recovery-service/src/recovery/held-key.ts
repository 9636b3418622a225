import type { OutboxEntry, SqlExecutor } from '@rekey/messaging';
import { issueKey, momentOf, type IssuedKey, type RecoveryMoment, type RecoveryPurpose, type RecoverySubject } from './recovery-statements.ts';

const repeatsNothing = { cooldownSeconds: 0, toleranceMinutes: 0 };

/**
 * A key and the event that mails it, in the transaction that holds the account: nothing comes in between.
 * @param mailOf null: nobody is mailed now, and the key waits for whoever asks for it again
 */
export async function issueHeldKey(tx: SqlExecutor, userId: string, purpose: RecoveryPurpose, next: (moment: RecoveryMoment) => IssuedKey, mailOf: ((key: IssuedKey) => OutboxEntry) | null): Promise<void> {
  const subject: RecoverySubject = { userId, purpose, decoy: false, claimsGeneration: null };
  const issued = next(await momentOf(tx, subject, repeatsNothing));
  if (!(await issueKey(tx, subject, issued, mailOf?.(issued) ?? null, null))) throw new Error('expected the account to be held: another key was issued in between');
}
