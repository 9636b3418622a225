import type { Database } from '@rekey/messaging';
import type { ReceivedMail } from '@rekey/test-kit';
import type { AskedReset, ClientHistory } from './client.ts';

/** What is looked at after a fault, whatever it was. */
export interface AfterFault {
  readonly history: ClientHistory;
  /** What has reached the relay, by whoever's hand. */
  readonly mails: readonly ReceivedMail[];
  readonly notificationDatabase: Pick<Database, 'query'>;
  /** Null where events come from another publisher than the recovery service. */
  readonly recoveryDatabase: Pick<Database, 'query'> | null;
  /** Events whose mails were between the 354 and the 250 when a fault came: only of those a second copy may exist. */
  readonly inWindow: ReadonlySet<string>;
  /** Whether a password is a user's. */
  readonly signsIn?: (username: string, password: string) => Promise<boolean>;
  /** What was logged, and what the bus keeps. */
  readonly atRest?: string;
  /** Whether all faults have healed and everything had its time: what is still open then is lost. */
  readonly healed: boolean;
}

interface MailRow {
  readonly id: string;
  readonly kind: 'recovery' | 'notice';
  readonly state: string;
  readonly address: string;
  readonly messageId: string;
  readonly uncertain: number;
  readonly reason: string | null;
  /** The link was dead, or there was a newer one, when the attempt that sent it began. */
  readonly late: boolean;
}

/** How many mails ended in each state, and what of the invariants does not hold: nothing, as it should be. */
export interface Judgement {
  /** `requests`, then by state, `dead`, `open`, and `copies`, which are those beyond the first. */
  readonly sums: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

const open = ['PENDING', 'UNCERTAIN', 'SENDING'];
const mostNamed = 5;
/** An event that is being taken in while an older mail of the same person is claimed is not there yet for the claim. */
const raceSeconds = 1;

/**
 * The invariants of delivery, looked at after a fault:
 * - I1 each accepted request whose mail is still wanted has reached the relay, or ended in a state whose reason an operator sees;
 * - I2 a mail has one copy, and one more for the time its answer was lost, never a third; copies are byte for byte the same;
 * - I3 no mail goes to an address that is not its event's, nor when its link is dead or there is a newer one;
 * - I4 of those who used one key, one has set the password, and it is that one's;
 * - I5 nothing is left in anybody's hands, nor waits, nor is without an outcome;
 * - I6 no link that was mailed stands in a database, in a log or on the bus;
 * - I8 as many mails as requests: sent, superseded, expired, refused, given up, dead and open ones together.
 *
 * I7, that nobody waits long meanwhile, is measured: `npm run faults`.
 */
export async function judge({ history, mails, notificationDatabase, recoveryDatabase, inWindow, signsIn, atRest = '', healed }: AfterFault): Promise<Judgement> {
  const rows = await mailRows(notificationDatabase);
  const [{ dead }] = (await notificationDatabase.query<{ dead: number }>(`SELECT count(*)::integer AS dead FROM dead`)) as [{ dead: number }];
  const asked = await askedFor(recoveryDatabase);
  const copiesOf = byMessageId(mails);
  const violations: string[] = [];
  const expectNone = (invariant: string, found: readonly string[]): void => {
    if (found.length > 0) violations.push(`${invariant}: ${found.length}, such as ${found.slice(0, mostNamed).join(', ')}`);
  };

  const told = (row: MailRow): string => `${row.address} (${row.state})`;
  const accepted = history.recoveries.filter(({ known }) => known === 'ok').map(({ address }) => address);
  const links = rows.filter(({ kind }) => kind === 'recovery');
  const known = new Set(rows.map(({ id }) => id));
  if (healed) {
    const reached = new Set(mails.flatMap(({ envelope }) => envelope.to));
    const endedOtherwise = new Set(links.filter(({ state, reason }) => !open.includes(state) && state !== 'SENT' && (reason !== null || state !== 'REJECTED')).map(({ address }) => address));
    expectNone('I1 lost', accepted.filter((address) => !reached.has(address) && !endedOtherwise.has(address)));
    if (dead === 0) expectNone('I1 events that never came in', (asked ?? []).filter((id) => !known.has(id)));
    expectNone('I5 left open', rows.filter(({ state }) => open.includes(state)).map(told));
    expectNone('I5 left to be said', await unsaid([notificationDatabase, ...(recoveryDatabase ? [recoveryDatabase] : [])]));
  }
  expectNone('I1 said to be sent, and not there', rows.filter(({ state, messageId }) => state === 'SENT' && !copiesOf.has(messageId)).map(told));
  expectNone('I2 more copies than lost answers', rows.filter(({ messageId, uncertain, state }) => (copiesOf.get(messageId)?.length ?? 0) > (healed || state === 'SENT' ? 1 + Math.min(uncertain, 1) : 2)).map(told));
  expectNone('I2 a second copy outside the window', rows.filter(({ id, messageId }) => (copiesOf.get(messageId)?.length ?? 0) > 1 && !inWindow.has(id)).map(told));
  expectNone('I2 copies that differ', [...copiesOf.values()].filter(([first, ...more]) => more.some(({ raw }) => !first?.raw.equals(raw))).map(([first]) => first?.messageId ?? ''));
  const addressOf = new Map(rows.map(({ messageId, address }) => [messageId, address]));
  expectNone('I3 to an address that is not its own', mails.filter(({ messageId, envelope }) => envelope.to.join() !== addressOf.get(messageId ?? '')).map(({ messageId }) => String(messageId)));
  expectNone('I3 with a link that was dead already', rows.filter(({ late }) => late).map(told));
  if (signsIn) expectNone('I4 a key that set no one password', await notOneWinner(history.resets, signsIn));
  expectNone('I6 a mailed key at rest', await keysAtRest(mails, [notificationDatabase, ...(recoveryDatabase ? [recoveryDatabase] : [])], atRest));

  const requests = asked?.length ?? accepted.length;
  const sums: Record<string, number> = { requests, dead, open: 0, copies: mails.length - copiesOf.size };
  for (const { state } of links) {
    const name = open.includes(state) ? 'open' : state;
    sums[name] = (sums[name] ?? 0) + 1;
  }
  if (healed && requests !== links.length + dead) violations.push(`I8: ${requests} requests, but ${links.length} mails and ${dead} dead events`);
  const unknown = history.recoveries.filter(({ known }) => known === 'info').length;
  if (requests < accepted.length || requests > accepted.length + unknown) violations.push(`I8: ${accepted.length} accepted and ${unknown} without an answer, but ${requests} events`);
  return { sums, violations };
}

async function mailRows(database: Pick<Database, 'query'>): Promise<MailRow[]> {
  return database.query(
    `SELECT event_id AS id, kind, state, data->'recipient'->>'address' AS address, message_id AS "messageId", uncertain_count AS uncertain, coalesce(last_error, cause) AS reason,
       kind = 'recovery' AND state IN ('SENT', 'UNCERTAIN_CLOSED') AND EXISTS (
         SELECT FROM attempt a WHERE a.event_id = i.event_id AND a.stage = 'sent' AND (a.started_at > i.expires_at OR EXISTS (
           SELECT FROM inbox n WHERE n.user_id = i.user_id AND n.event_type = i.event_type AND n.generation > i.generation AND n.received_at < a.started_at - make_interval(secs => ${raceSeconds})))) AS late
     FROM inbox i`,
  );
}

/** The events of links that somebody is to be mailed. */
async function askedFor(database: Pick<Database, 'query'> | null): Promise<string[] | null> {
  return database && (await database.query<{ id: string }>(`SELECT id FROM outbox WHERE headers->>'ce_type' = 'PasswordRecoveryRequested'`)).map(({ id }) => id);
}

async function unsaid(databases: readonly Pick<Database, 'query'>[]): Promise<string[]> {
  const waiting = await Promise.all(databases.map((database) => database.query<{ type: string }>(`SELECT headers->>'ce_type' AS type FROM outbox WHERE published_at IS NULL OR (awaits_outcome AND confirmed_at IS NULL)`)));
  return waiting.flat().map(({ type }) => type);
}

/** @returns the users of keys with which nobody has set the password, or several have, or another one's password is set, though somebody was told so */
async function notOneWinner(resets: readonly AskedReset[], signsIn: NonNullable<AfterFault['signsIn']>): Promise<string[]> {
  const wrong: string[] = [];
  for (const key of new Set(resets.map((reset) => reset.key))) {
    const attempts = resets.filter((reset) => reset.key === key);
    const set: AskedReset[] = [];
    for (const attempt of attempts) if (await signsIn(attempt.username, attempt.password)) set.push(attempt);
    const winners = attempts.filter(({ known }) => known === 'ok');
    const isRight = winners.length > 1 ? false : winners[0] ? set.length === 1 && set[0] === winners[0] : set.length <= 1 && set.every(({ known }) => known === 'info');
    if (!isRight) wrong.push(attempts[0]?.username ?? '');
  }
  return wrong;
}

function byMessageId(mails: readonly ReceivedMail[]): ReadonlyMap<string | null, readonly ReceivedMail[]> {
  const copies = new Map<string | null, ReceivedMail[]>();
  for (const mail of mails) copies.set(mail.messageId, [...(copies.get(mail.messageId) ?? []), mail]);
  return copies;
}

/** The key of a mail's link; null where it has none. */
export function keyOfMail({ raw }: ReceivedMail): string | null {
  return /#key=([\w-]+)/.exec(raw.toString().replace(/=\r\n/g, '').replace(/=3D/g, '='))?.[1] ?? null;
}

async function keysAtRest(mails: readonly ReceivedMail[], databases: readonly Pick<Database, 'query'>[], atRest: string): Promise<string[]> {
  const keys = new Set(mails.map(keyOfMail).filter((key) => key !== null));
  const kept = [`SELECT convert_from(payload, 'UTF8') AS text FROM outbox`, `SELECT data::text AS text FROM inbox`, `SELECT row_to_json(r)::text AS text FROM recovery r`, `SELECT concat(reply, dialogue) AS text FROM attempt`];
  const texts = await Promise.all(databases.flatMap((database) => kept.map((sql) => database.query<{ text: string }>(sql).catch(() => []))));
  const all = [...texts.flat().map(({ text }) => text), atRest].join('\n');
  return [...keys].filter((key) => all.includes(key)).map(() => 'one');
}
