import { outboxColumns, outboxParameters, writing, type OutboxEntry, type SqlExecutor } from '@rekey/messaging';
import { currentTraceparent } from '@rekey/observability';

/** What a key is good for: another password, or confirming an account that its owner has registered, or another address. */
export type RecoveryPurpose = 'password' | 'sign-up' | 'address';

/** WSO2's names for how a key came to be. */
export const recoveryScenarios = ['NOTIFICATION_BASED_PW_RECOVERY', 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP', 'ASK_PASSWORD', 'SELF_SIGN_UP', 'EMAIL_VERIFICATION_ON_UPDATE'] as const;

export type RecoveryScenario = (typeof recoveryScenarios)[number];

/** Whose recovery, and which kind: every purpose has a key of its own. */
export interface RecoverySubject {
  readonly userId: string;
  readonly purpose: RecoveryPurpose;
  /** Nobody's: a name that no user has, or a user who gets no mail. */
  readonly decoy: boolean;
  /** Of the claims that the account was judged by; null where it is held, so that nobody changes them. */
  readonly claimsGeneration: number | null;
}

/** The key of a link, or a code that a person types in its place, which needs whatever it belongs to beside it. */
export type SecretKind = 'key' | 'code';

/** One recovery of a person; a newer one ends it. */
export interface HeldRecovery {
  readonly userId: string;
  readonly recoveryId: string;
}

/** What a request has led to. */
export interface LedTo extends HeldRecovery {
  /** Issued for it; else it was there before. */
  readonly isNew: boolean;
}

export const unspent = 'used_at IS NULL AND voided_at IS NULL AND expires_at > now()';
/** Of one account, in an hour that begins with the first, whatever flows and codes they were for (S24). */
const wrongCodesPerHour = 10;
export const guessable = `(hourly_wrong_codes_until <= now() OR hourly_wrong_codes < ${wrongCodesPerHour})`;
const repeatable = `${unspent} AND (secret_kind = 'key' OR reset_code_hash IS NULL AND ${guessable})`;

/** The newest recovery of a person as it stands now, by the database's clock. */
export interface RecoveryState {
  readonly recoveryId: string;
  readonly scenario: RecoveryScenario;
  readonly generation: number;
  readonly sealedSecret: string;
  readonly secretKind: SecretKind;
  /** A code that was entered rightly is not: it has done its work. Nor is any while too many wrong ones count. */
  readonly live: boolean;
  /** Whether a code would be taken: too many wrong ones within an hour end all of them for the rest of it. */
  readonly guessable: boolean;
  /** Mailed within the cooldown: asked again, that mail is the answer. */
  readonly cooling: boolean;
  /** Issued within the tolerance: asked again, it is this key that is mailed once more. */
  readonly tolerated: boolean;
  readonly resendCount: number;
  /** Mailed in the hour that runs. */
  readonly mails: number;
  readonly expiresAt: Date;
  /** Where the person goes on afterwards; it was allowed when it was asked for. */
  readonly callback: string | null;
}

export interface RecoveryMoment {
  /** The database's clock: the only one that keys are dated by. */
  readonly now: Date;
  readonly state: RecoveryState | null;
}

/** For how long after its issue a live key is the answer to another request. */
export interface Repeats {
  readonly cooldownSeconds: number;
  readonly toleranceMinutes: number;
}

export async function momentOf(database: SqlExecutor, subject: RecoverySubject, { cooldownSeconds, toleranceMinutes }: Repeats): Promise<RecoveryMoment> {
  const rows = await database.query<{ now: Date } & { [Field in keyof RecoveryState]: RecoveryState[Field] | null }>(
    `SELECT clock.now, recovery_id AS "recoveryId", scenario, generation, sealed_secret AS "sealedSecret", secret_kind AS "secretKind", resend_count AS "resendCount", expires_at AS "expiresAt", callback,
            CASE WHEN mails_until > clock.now THEN mails ELSE 0 END AS mails,
            ${repeatable} AS live, ${guessable} AS guessable,
            ${repeatable} AND mailed AND issued_at > clock.now - make_interval(secs => $3) AS cooling,
            ${repeatable} AND mailed AND issued_at > clock.now - make_interval(mins => $4) AS tolerated
     FROM (SELECT now() AS now) AS clock LEFT JOIN recovery ON user_id = $1 AND purpose = $2`,
    [subject.userId, subject.purpose, cooldownSeconds, toleranceMinutes],
  );
  const [row] = rows;
  if (!row) throw new Error('a LEFT JOIN from one row gave none');
  const { now, ...state } = row;
  return { now, state: state.recoveryId === null ? null : (state as RecoveryState) }; // but for the callback, a row's columns are NOT NULL: none is null once one is not
}

export interface IssuedKey {
  readonly recoveryId: string;
  readonly scenario: RecoveryScenario;
  readonly generation: number;
  readonly keyHash: Buffer;
  readonly sealedSecret: string;
  readonly secretKind: SecretKind;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly callback: string | null;
}

/**
 * Replaces the person's key and writes the event that mails it, in one statement and so in one commit. Guarded by the generation
 * that was read: of two at once one wins, and the other's caller finds itself inside the cooldown. Guarded by the account as it was
 * read, too: whatever voids keys either comes first, and no key is issued, or waits, and finds this one to void (S22).
 *
 * A decoy's account is looked up all the same, and is not there. Its event is written as already published: same statement, same commit, nothing sent.
 * @param event null where the key is handed to the caller instead of mailed
 * @param mailsPerHour null: any number
 * @returns whether this call won, and the person had mails left
 */
export async function issueKey(database: SqlExecutor, subject: RecoverySubject, issued: IssuedKey, event: OutboxEntry | null, mailsPerHour: number | null): Promise<boolean> {
  const { recoveryId, scenario, generation, keyHash, sealedSecret, secretKind, issuedAt, expiresAt, callback } = issued;
  const recovery = [subject.userId, subject.purpose, subject.decoy, recoveryId, generation, keyHash, sealedSecret, issuedAt, expiresAt, event !== null, mailsPerHour, subject.claimsGeneration, secretKind, scenario, callback, currentTraceparent() ?? null];
  const issue = `
    INSERT INTO recovery AS r (user_id, purpose, decoy, recovery_id, generation, key_hash, sealed_secret, issued_at, expires_at, mailed, mails, mails_until, secret_kind, scenario, callback, traceparent)
    SELECT $1::uuid, $2, $3::boolean, $4::uuid, $5::integer, $6::bytea, $7, $8::timestamptz, $9::timestamptz, $10::boolean, $10::boolean::integer, now() + interval '1 hour', $13, $14, $15, $16
    WHERE EXISTS (SELECT FROM user_account WHERE id = $1::uuid AND claims_generation = coalesce($12::integer, claims_generation) FOR SHARE) <> $3::boolean
    ON CONFLICT (user_id, purpose) DO UPDATE SET
      decoy = excluded.decoy, recovery_id = excluded.recovery_id, generation = excluded.generation, key_hash = excluded.key_hash,
      sealed_secret = excluded.sealed_secret, issued_at = excluded.issued_at, expires_at = excluded.expires_at, mailed = excluded.mailed, secret_kind = excluded.secret_kind, scenario = excluded.scenario, callback = excluded.callback, traceparent = excluded.traceparent,
      used_at = NULL, voided_at = NULL, reset_code_hash = NULL, resend_count = 0, ${mailsCounted('excluded.mails')}
    WHERE r.generation = excluded.generation - 1 AND (excluded.mails = 0 OR ${mailsLeft('$11')})
    RETURNING user_id`;
  if (!event) return (await database.query(issue, recovery)).length === 1;
  const rows = await writing([event], async () => database.query(`WITH issued AS (${issue}) ${appendEventFrom('issued', 17)}`, [...recovery, ...outboxParameters(event), subject.decoy]));
  return rows.length === 1;
}

export interface ResendLimits {
  readonly maxResendAttempts: number;
  /** null: any number. */
  readonly mailsPerAccountPerHour: number | null;
}

/** Counts a resend of the live key and writes its event, in one statement. @returns whether the key was live and had resends left, and the person mails */
export async function countResend(database: SqlExecutor, subject: RecoverySubject, recoveryId: string, limits: ResendLimits, event: OutboxEntry): Promise<boolean> {
  const rows = await writing([event], async () => database.query(
    `WITH resent AS (
       UPDATE recovery AS r SET resend_count = resend_count + 1, ${mailsCounted('1')}
       WHERE user_id = $1 AND purpose = $2 AND recovery_id = $3 AND resend_count < $4 AND ${mailsLeft('$5')}
         AND ${repeatable}
       RETURNING user_id)
     ${appendEventFrom('resent', 6)}`,
    [subject.userId, subject.purpose, recoveryId, limits.maxResendAttempts, limits.mailsPerAccountPerHour, ...outboxParameters(event), subject.decoy],
  ));
  return rows.length === 1;
}

/** An hour begins with the first key after the last one was over; handed-over keys are no mails. */
function mailsCounted(more: string): string {
  return `
      mails = CASE WHEN r.mails_until > now() THEN r.mails ELSE 0 END + ${more},
      mails_until = CASE WHEN r.mails_until > now() THEN r.mails_until ELSE now() + interval '1 hour' END`;
}

function mailsLeft(perHour: string): string {
  return `(${perHour}::integer IS NULL OR r.mails_until <= now() OR r.mails < ${perHour}::integer)`;
}

/** Writes an event where the statement before has given a row. A decoy's is written as already published. @param first number of its parameters: `outboxParameters`, then whether it is a decoy's */
export function appendEventFrom(source: 'issued' | 'resent' | 'counted', first: number): string {
  const [id, topic, key, headers, payload, expiresAt, awaitsOutcome, decoy] = Array.from({ length: 8 }, (_, index) => `$${first + index}`);
  return `
    INSERT INTO outbox (${outboxColumns}, published_at, confirmed_at)
    SELECT ${id}::uuid, ${topic}, ${key}, ${headers}::jsonb, ${payload}::bytea, ${expiresAt}::timestamptz, ${awaitsOutcome}::boolean,
           CASE WHEN ${decoy}::boolean THEN now() END, CASE WHEN ${decoy}::boolean THEN now() END
    FROM ${source} RETURNING id`;
}

/**
 * A real person's row stays for good, since its generation must never start again; decoys go a day after they expired.
 * @returns whether there may be more of them
 */
export async function pruneDecoys(database: SqlExecutor, atOnce = 5_000): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM recovery WHERE (user_id, purpose) IN (
       SELECT user_id, purpose FROM recovery WHERE decoy AND expires_at < now() - interval '1 day' LIMIT $1)
     RETURNING user_id`,
    [atOnce],
  );
  return rows.length === atOnce;
}
