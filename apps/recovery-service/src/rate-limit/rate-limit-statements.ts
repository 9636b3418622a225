import type { SqlExecutor } from '@rekey/messaging';

/** What was spent of an allowance that begins with the first request and is whole again when its time is over. */
export interface Spending {
  readonly subject: string;
  /** With this one. */
  readonly spent: number;
  /** Until the allowance is whole again, by the database's clock. */
  readonly secondsLeft: number;
}

/** Counts one request. Racers on any number of instances are each a number of their own. */
export async function countRequest(database: SqlExecutor, subject: string, windowSeconds: number): Promise<Spending> {
  return spendingIn(await database.query<Spending>(count('$1', '$2'), [subject, windowSeconds]));
}

/**
 * Counts a sign-in: from an address that the account is known to use, on that address's own allowance.
 * @param account every other address together
 * @param accountHere the account from this address
 */
export async function countSignIn(database: SqlExecutor, account: string, accountHere: string, windowSeconds: number): Promise<Spending> {
  const subject = `CASE WHEN EXISTS (SELECT FROM known_address WHERE subject = $2 AND signed_in_at > now() - interval '${knownDays} days') THEN $2 ELSE $1 END`;
  return spendingIn(await database.query<Spending>(count(subject, '$3'), [account, accountHere, windowSeconds]));
}

const knownDays = 30;

function count(subject: string, windowSeconds: string): string {
  return `
    INSERT INTO request_count AS c (subject, spent, ends_at) VALUES (${subject}, 1, now() + make_interval(secs => ${windowSeconds}))
    ON CONFLICT (subject) DO UPDATE SET
      spent = CASE WHEN c.ends_at > now() THEN c.spent + 1 ELSE 1 END,
      ends_at = CASE WHEN c.ends_at > now() THEN c.ends_at ELSE excluded.ends_at END
    RETURNING subject, spent, ceil(extract(epoch FROM ends_at - now()))::integer AS "secondsLeft"`;
}

function spendingIn([row]: readonly Spending[]): Spending {
  if (!row) throw new Error('an upsert without a condition returned no row');
  return row;
}

export async function giveBack(database: SqlExecutor, subject: string): Promise<void> {
  await database.query(`UPDATE request_count SET spent = spent - 1 WHERE subject = $1 AND spent > 0`, [subject]);
}

/** Writes once a day at most: people sign in far more often. */
export async function rememberAddress(database: SqlExecutor, accountHere: string): Promise<void> {
  await database.query(
    `INSERT INTO known_address AS k (subject, signed_in_at) VALUES ($1, now())
     ON CONFLICT (subject) DO UPDATE SET signed_in_at = now() WHERE k.signed_in_at < now() - interval '1 day'`,
    [accountHere],
  );
}

export async function forgetCounts(database: SqlExecutor, subjects: readonly string[]): Promise<void> {
  await database.query(`DELETE FROM request_count WHERE subject = ANY($1)`, [subjects]);
}

export async function pruneRateLimit(database: SqlExecutor): Promise<void> {
  await database.query(`DELETE FROM request_count WHERE ends_at < now()`);
  await database.query(`DELETE FROM known_address WHERE signed_in_at < now() - interval '${knownDays} days'`);
}
