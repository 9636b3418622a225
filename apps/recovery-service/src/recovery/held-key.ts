import type { SecretSealer } from '@rekey/events';
import type { OutboxEntry, SqlExecutor } from '@rekey/messaging';
import { nextKey } from './next-key.ts';
import { issueKey, momentOf, type IssuedKey, type RecoveryPurpose, type RecoverySubject } from './recovery-statements.ts';

const repeatsNothing = { cooldownSeconds: 0, toleranceMinutes: 0 };

/** A key and the event that mails it, in the transaction that holds the account: nothing comes in between. */
export async function issueHeldKey(tx: SqlExecutor, sealer: SecretSealer, userId: string, purpose: RecoveryPurpose, validityMinutes: number, mailOf: (key: IssuedKey) => OutboxEntry): Promise<void> {
  const subject: RecoverySubject = { userId, purpose, decoy: false, claimsGeneration: null };
  const { issued } = nextKey(sealer, await momentOf(tx, subject, repeatsNothing), validityMinutes);
  if (!(await issueKey(tx, subject, issued, mailOf(issued), null))) throw new Error('expected the account to be held: another key was issued in between');
}
