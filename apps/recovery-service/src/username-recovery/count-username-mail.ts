import { outboxParameters, type OutboxEntry, type SqlExecutor } from '@rekey/messaging';
import { appendEventFrom } from '../recovery/recovery-statements.ts';

export interface UsernameMailLimits {
  /** So long the mail of a moment ago is the answer. */
  readonly cooldownSeconds: number;
  /** null: any number. */
  readonly mailsPerAccountPerHour: number | null;
}

/** Pseudonyms of the account, under which `request_count` has its cooldown and its mails of the hour. */
export interface UsernameMailSubjects {
  readonly cooldown: string;
  readonly mails: string;
}

/**
 * Counts a mail and writes its event, in one statement: of fifty requests at once one gets through. Of a decoy the same is counted and
 * written, and nothing sent.
 * @returns whether there was a mail left, and none a moment ago
 */
export async function countUsernameMail(database: SqlExecutor, subjects: UsernameMailSubjects, limits: UsernameMailLimits, event: OutboxEntry, decoy: boolean): Promise<boolean> {
  const rows = await database.query(
    `WITH cooled AS (
       INSERT INTO request_count AS c (subject, spent, ends_at) VALUES ($1, 1, now() + make_interval(secs => $2))
       ON CONFLICT (subject) DO UPDATE SET ends_at = excluded.ends_at WHERE c.ends_at <= now()
       RETURNING subject
     ), counted AS (
       INSERT INTO request_count AS c (subject, spent, ends_at) SELECT $3, 1, now() + interval '1 hour' FROM cooled
       ON CONFLICT (subject) DO UPDATE SET
         spent = CASE WHEN c.ends_at > now() THEN c.spent + 1 ELSE 1 END,
         ends_at = CASE WHEN c.ends_at > now() THEN c.ends_at ELSE excluded.ends_at END
       WHERE $4::integer IS NULL OR c.ends_at <= now() OR c.spent < $4::integer
       RETURNING subject
     )
     ${appendEventFrom('counted', 5)}`,
    [subjects.cooldown, limits.cooldownSeconds, subjects.mails, limits.mailsPerAccountPerHour, ...outboxParameters(event), decoy],
  );
  return rows.length === 1;
}
