import type { Bounce } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { maskedAddress } from '../delivery-log/masked-address.ts';
import { digestOf } from './suppression-statements.ts';

export interface BouncedMail {
  readonly eventId: string;
  readonly tenantDomain: string;
  readonly address: string;
}

/** A mail bounces once for each time that it is sent: whoever tells of more has made them up. */
const mostOfOneKind = 20;
/** The mail, as whoever bounced it could have had it: sent, or perhaps sent. */
const wasMailed = `(i.sent_at IS NOT NULL OR i.uncertain_count > 0)`;
const mail = `i.event_id AS "eventId", i.tenant_domain AS "tenantDomain", i.data->'recipient'->>'address' AS address`;

/** The mail of a Message-ID, with or without its angle brackets; of an address the newest that each tenant has sent to it. @param tenantDomain null: of any tenant */
export async function bouncedMails(database: SqlExecutor, tenantDomain: string | null, { address, messageId = '' }: Bounce): Promise<readonly BouncedMail[]> {
  if (address !== undefined) {
    return database.query<BouncedMail>(
      `SELECT DISTINCT ON (f.tenant_domain) ${mail} FROM filed_mail f JOIN inbox i USING (event_id)
       WHERE f.recipient = $1 AND ($2::text IS NULL OR f.tenant_domain = $2) AND ${wasMailed} ORDER BY f.tenant_domain, f.received_at DESC`,
      [address.toLowerCase(), tenantDomain],
    );
  }
  const [, eventId] = /^<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^@\s]+>?$/i.exec(messageId) ?? [];
  return eventId === undefined ? [] : database.query<BouncedMail>(`SELECT ${mail} FROM inbox i WHERE i.event_id = $1 AND ($2::text IS NULL OR i.tenant_domain = $2)`, [eventId, tenantDomain]);
}

/**
 * Puts the bounce to its mail, and the address on the tenant's list unless it is a soft one. What is told again changes nothing: an
 * administrator may have taken the address off the list since. Without a time of its own it is of the last time that the mail was sent.
 * @returns the id of the address, where it is on the list since now; null otherwise
 */
export async function noteBounce(database: SqlExecutor, { eventId, tenantDomain, address }: BouncedMail, { kind, reason, at }: Bounce, by: string): Promise<string | null> {
  const [added] = await database.query<{ id: string }>(
    `WITH noted AS (
       INSERT INTO bounce (event_id, kind, bounced_at, reason, reported_by)
       SELECT i.event_id, $2::text, coalesce($3::timestamptz, i.sent_at, i.received_at), $4::text, $5::text FROM inbox i
       WHERE i.event_id = $1 AND (SELECT count(*) FROM bounce b WHERE b.event_id = $1 AND b.kind = $2) < ${mostOfOneKind}
       ON CONFLICT DO NOTHING RETURNING kind
     )
     INSERT INTO suppressed_address (tenant_domain, digest, masked, kind, reason, added_by)
     SELECT $6::text, ${digestOf('$7::text')}, $8::text, kind, $4, $5 FROM noted WHERE kind <> 'soft'
     ON CONFLICT DO NOTHING RETURNING encode(digest, 'hex') AS id`,
    [eventId, kind, at ?? null, reason, by, tenantDomain, address, maskedAddress(address)],
  );
  return added?.id ?? null;
}

/** @returns whether this report may have the token: none had it before, or this very one, which is then told again */
export async function takeToken(database: SqlExecutor, { token, report }: { readonly token: string; readonly report: string }): Promise<boolean> {
  const [taken] = await database.query<{ isIts: boolean }>(
    `INSERT INTO bounce_token AS t (token, report) VALUES (decode($1, 'hex'), decode($2, 'hex'))
     ON CONFLICT (token) DO UPDATE SET report = t.report RETURNING report = decode($2, 'hex') AS "isIts"`,
    [token, report],
  );
  return taken?.isIts ?? false;
}
