import type { SqlExecutor } from '@rekey/messaging';

/** A request by its `Idempotency-Key`, as digests. */
export interface IdempotentRequest {
  /** Who asked where with which key. */
  readonly subject: Buffer;
  /** Of what was asked. */
  readonly fingerprint: Buffer;
}

/** Longer than any request takes: the service that worked on it has died. Shorter than the usual cooldown, which is what keeps a link that it had mailed from being mailed again. */
const heldSeconds = 30;
const keptHours = 24;

export type Beginning =
  /** Nobody else is at it: to be worked on. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'in-hand' }
  | { readonly kind: 'answered'; readonly answer: Buffer }
  /** The key was used for another request. */
  | { readonly kind: 'other-request' };

/** Of any number at once, on any number of instances, one begins. @param holder made for this attempt: whoever lost the request to another cannot answer it any more */
export async function beginRequest(database: SqlExecutor, { subject, fingerprint }: IdempotentRequest, holder: string): Promise<Beginning> {
  const begun = await database.query(
    `INSERT INTO idempotent_request AS r (subject, fingerprint, holder, held_until, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => ${heldSeconds}), now() + make_interval(hours => ${keptHours}))
     ON CONFLICT (subject) DO UPDATE SET fingerprint = excluded.fingerprint, holder = excluded.holder, held_until = excluded.held_until, expires_at = excluded.expires_at, answer = NULL
     WHERE r.expires_at < now() OR (r.answer IS NULL AND r.held_until < now() AND r.fingerprint = excluded.fingerprint)
     RETURNING holder`,
    [subject, fingerprint, holder],
  );
  if (begun.length === 1) return { kind: 'begun' };
  const [known] = await database.query<{ isSame: boolean; answer: Buffer | null }>(`SELECT fingerprint = $2 AS "isSame", answer FROM idempotent_request WHERE subject = $1`, [subject, fingerprint]);
  // Given up in between: whoever asks again finds it free.
  if (!known) return { kind: 'in-hand' };
  if (!known.isSame) return { kind: 'other-request' };
  return known.answer ? { kind: 'answered', answer: known.answer } : { kind: 'in-hand' };
}

/** @returns false where somebody else works on the request by now, or has answered it */
export async function keepAnswer(database: SqlExecutor, { subject }: IdempotentRequest, holder: string, answer: Buffer): Promise<boolean> {
  const kept = await database.query(`UPDATE idempotent_request SET answer = $3 WHERE subject = $1 AND holder = $2 RETURNING holder`, [subject, holder, answer]);
  return kept.length === 1;
}

/** Lets it be tried again at once. */
export async function giveUp(database: SqlExecutor, { subject }: IdempotentRequest, holder: string): Promise<void> {
  await database.query(`DELETE FROM idempotent_request WHERE subject = $1 AND holder = $2 AND answer IS NULL`, [subject, holder]);
}

/** @returns whether there may be more of them */
export async function pruneIdempotentRequests(database: SqlExecutor, atOnce = 5_000): Promise<boolean> {
  const rows = await database.query(`DELETE FROM idempotent_request WHERE subject IN (SELECT subject FROM idempotent_request WHERE expires_at < now() LIMIT $1) RETURNING subject`, [atOnce]);
  return rows.length === atOnce;
}
