import type { Database } from '@rekey/messaging';
import type { ReceivedMail } from '@rekey/test-kit';

/** What is looked at after a fault, whatever it was. */
export interface AfterFault {
  /** The addresses that a request for was accepted, each as often as it was. */
  readonly accepted: readonly string[];
  /** What has reached the relay, by whoever's hand. */
  readonly mails: readonly ReceivedMail[];
  readonly notificationDatabase: Pick<Database, 'query'>;
  readonly recoveryDatabase: Pick<Database, 'query'>;
  /** Events whose mails were between the 354 and the 250 when the fault came: only of those a second copy may exist. */
  readonly inWindow: ReadonlySet<string>;
}

interface MailRow {
  readonly id: string;
  readonly state: string;
  readonly address: string;
  readonly messageId: string;
  readonly uncertain: number;
  readonly reason: string | null;
}

/** How many mails ended in each state, and what of the invariants does not hold: nothing, as it should be. */
export interface Judgement {
  /** `requests`, then by state, `dead`, `open`, and `copies`, which are those beyond the first. */
  readonly sums: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

const open = ['PENDING', 'UNCERTAIN', 'SENDING'];
const mostNamed = 5;

/**
 * The invariants of delivery, looked at when all faults have healed:
 * - I1 each accepted request whose mail is still wanted has reached the relay, or ended in a state whose reason an operator sees;
 * - I2 a mail has one copy, and one more for the time its answer was lost, never a third; copies are byte for byte the same;
 * - I3 no mail goes to an address that is not its event's;
 * - I5 nothing is left in anybody's hands, nor waits;
 * - I6 no link that was mailed stands in a database;
 * - I8 as many mails as requests: sent, superseded, expired, refused, given up, dead and open ones together.
 */
export async function judge({ accepted, mails, notificationDatabase, recoveryDatabase, inWindow }: AfterFault): Promise<Judgement> {
  const rows = await notificationDatabase.query<MailRow>(
    `SELECT event_id AS id, state, data->'recipient'->>'address' AS address, message_id AS "messageId", uncertain_count AS uncertain, coalesce(last_error, cause) AS reason FROM inbox WHERE kind = 'recovery'`,
  );
  const [{ dead }] = (await notificationDatabase.query<{ dead: number }>(`SELECT count(*)::integer AS dead FROM dead`)) as [{ dead: number }];
  const [{ asked }] = (await recoveryDatabase.query<{ asked: number }>(`SELECT count(*)::integer AS asked FROM outbox WHERE headers->>'ce_type' = 'PasswordRecoveryRequested'`)) as [{ asked: number }];
  const copiesOf = byMessageId(mails);
  const violations: string[] = [];
  const expectNone = (invariant: string, found: readonly string[]): void => {
    if (found.length > 0) violations.push(`${invariant}: ${found.length}, such as ${found.slice(0, mostNamed).join(', ')}`);
  };

  const told = (row: MailRow): string => `${row.address} (${row.state})`;
  const reached = new Set(mails.flatMap(({ envelope }) => envelope.to));
  const endedOtherwise = new Set(rows.filter(({ state, reason }) => !open.includes(state) && state !== 'SENT' && (reason !== null || state !== 'REJECTED')).map(({ address }) => address));
  expectNone('I1 lost', accepted.filter((address) => !reached.has(address) && !endedOtherwise.has(address)));
  expectNone('I1 said to be sent, and not there', rows.filter(({ state, messageId }) => state === 'SENT' && !copiesOf.has(messageId)).map(told));
  expectNone('I2 more copies than lost answers', rows.filter(({ messageId, uncertain }) => (copiesOf.get(messageId)?.length ?? 0) > 1 + Math.min(uncertain, 1)).map(told));
  expectNone('I2 a second copy outside the window', rows.filter(({ id, messageId }) => (copiesOf.get(messageId)?.length ?? 0) > 1 && !inWindow.has(id)).map(told));
  expectNone('I2 copies that differ', [...copiesOf.values()].filter(([first, ...more]) => more.some(({ raw }) => !first?.raw.equals(raw))).map(([first]) => first?.messageId ?? ''));
  const addressOf = new Map(rows.map(({ messageId, address }) => [messageId, address]));
  expectNone('I3 to an address that is not its own', mails.filter(({ messageId, envelope }) => envelope.to.join() !== addressOf.get(messageId ?? '')).map(({ messageId }) => String(messageId)));
  expectNone('I5 left open', rows.filter(({ state }) => open.includes(state)).map(told));
  expectNone('I6 a mailed key at rest', await keysAtRest(mails, [notificationDatabase, recoveryDatabase]));

  const sums: Record<string, number> = { requests: asked, dead, open: 0, copies: mails.length - copiesOf.size };
  for (const { state } of rows) {
    const name = open.includes(state) ? 'open' : state;
    sums[name] = (sums[name] ?? 0) + 1;
  }
  if (asked !== rows.length + dead) violations.push(`I8: ${asked} requests, but ${rows.length} mails and ${dead} dead events`);
  if (asked !== accepted.length) violations.push(`I8: ${accepted.length} accepted, but ${asked} events`);
  return { sums, violations };
}

function byMessageId(mails: readonly ReceivedMail[]): ReadonlyMap<string | null, readonly ReceivedMail[]> {
  const copies = new Map<string | null, ReceivedMail[]>();
  for (const mail of mails) copies.set(mail.messageId, [...(copies.get(mail.messageId) ?? []), mail]);
  return copies;
}

async function keysAtRest(mails: readonly ReceivedMail[], databases: readonly Pick<Database, 'query'>[]): Promise<string[]> {
  const keys = new Set(mails.flatMap(({ raw }) => /#key=([\w-]+)/.exec(raw.toString().replace(/=\r\n/g, '').replace(/=3D/g, '='))?.[1] ?? []));
  const kept = [`SELECT convert_from(payload, 'UTF8') AS text FROM outbox`, `SELECT data::text AS text FROM inbox`, `SELECT row_to_json(r)::text AS text FROM recovery r`, `SELECT concat(reply, dialogue) AS text FROM attempt`];
  const texts = await Promise.all(databases.flatMap((database) => kept.map((sql) => database.query<{ text: string }>(sql).catch(() => []))));
  const all = texts.flat().map(({ text }) => text).join('\n');
  return [...keys].filter((key) => all.includes(key)).map(() => 'one');
}
