import type { SqlExecutor } from '@rekey/messaging';

/** What was spent of an allowance that begins with the first request and is whole again when its time is over. */
export interface Spending {
  /** With this one. */
  readonly spent: number;
  /** Until the allowance is whole again, by the database's clock. */
  readonly secondsLeft: number;
}

/** Counts one request. Racers on any number of instances are each a number of their own. */
export async function countRequest(database: SqlExecutor, subject: string, windowSeconds: number): Promise<Spending> {
  const [row] = await database.query<Spending>(
    `INSERT INTO request_count AS c (subject, spent, ends_at) VALUES ($1, 1, now() + make_interval(secs => $2))
     ON CONFLICT (subject) DO UPDATE SET
       spent = CASE WHEN c.ends_at > now() THEN c.spent + 1 ELSE 1 END,
       ends_at = CASE WHEN c.ends_at > now() THEN c.ends_at ELSE excluded.ends_at END
     RETURNING spent, ceil(extract(epoch FROM ends_at - now()))::integer AS "secondsLeft"`,
    [subject, windowSeconds],
  );
  if (!row) throw new Error('an upsert without a condition returned no row');
  return row;
}

/** What it would be with one request more, which is not counted. */
export async function withOneMore(database: SqlExecutor, subject: string): Promise<Spending> {
  const [row] = await database.query<Spending>(
    `SELECT coalesce(max(spent), 0) + 1 AS spent, coalesce(ceil(extract(epoch FROM max(ends_at) - now())), 0)::integer AS "secondsLeft"
     FROM request_count WHERE subject = $1 AND ends_at > now()`,
    [subject],
  );
  if (!row) throw new Error('an aggregate over all rows returned none');
  return row;
}

const knownDays = 30;

/** The two allowances of which a sign-in has one. */
export interface SignInSubjects {
  /** Of all addresses together that the account is not known to use. */
  readonly account: string;
  /** Of this address, where it is known to. */
  readonly accountHere: string;
}

/** Whose allowance a sign-in is counted on, and what is spent of it already. */
export async function signInsSpent(database: SqlExecutor, { account, accountHere }: SignInSubjects): Promise<{ readonly subject: string; readonly spent: number }> {
  const [row] = await database.query<{ readonly subject: string; readonly spent: number }>(
    `SELECT own.subject, coalesce(c.spent, 0) AS spent
     FROM (SELECT CASE WHEN EXISTS (SELECT FROM known_address WHERE subject = $2::text AND signed_in_at > now() - interval '${knownDays} days') THEN $2::text ELSE $1::text END) AS own (subject)
     LEFT JOIN request_count AS c ON c.subject = own.subject AND c.ends_at > now()`,
    [account, accountHere],
  );
  if (!row) throw new Error('a LEFT JOIN from one row gave none');
  return row;
}

/** Writes once a day at most: people sign in far more often. */
export async function rememberAddress(database: SqlExecutor, { account, accountHere }: SignInSubjects): Promise<void> {
  await database.query(
    `INSERT INTO known_address AS k (subject, account, signed_in_at) VALUES ($2, $1, now())
     ON CONFLICT (subject) DO UPDATE SET signed_in_at = now() WHERE k.signed_in_at < now() - interval '1 day'`,
    [account, accountHere],
  );
}

/** Of an account: what all unknown addresses have spent, and what each known one has. */
export async function forgetCounts(database: SqlExecutor, account: string): Promise<void> {
  await database.query(`DELETE FROM request_count WHERE subject = $1 OR subject IN (SELECT subject FROM known_address WHERE account = $1)`, [account]);
}

export async function pruneRateLimit(database: SqlExecutor): Promise<void> {
  await database.query(`DELETE FROM request_count WHERE ends_at < now()`);
  await database.query(`DELETE FROM known_address WHERE signed_in_at < now() - interval '${knownDays} days'`);
}
