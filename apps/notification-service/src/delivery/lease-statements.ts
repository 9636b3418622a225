import type { Database, SqlExecutor } from '@rekey/messaging';
import { deliveryColumns, toDelivery, type Delivery, type DeliveryRow } from './delivery.ts';
import { appendReports, type OutcomeReports } from './outcome-reports.ts';
import type { AttemptId } from './settle-statements.ts';

/**
 * Invariant: extends exactly the attempts that this process knows to be in its hands; a claim whose answer got lost runs out.
 * Rows that are being marked or settled at this moment are skipped: they need no extending.
 */
export async function extendLeases(database: SqlExecutor, owner: string, leaseSeconds: number, attempts: readonly AttemptId[]): Promise<void> {
  await database.query(
    `UPDATE inbox SET lease_until = now() + make_interval(secs => $2)
     WHERE event_id IN (
       SELECT i.event_id FROM inbox i JOIN unnest($3::uuid[], $4::integer[]) AS a (event_id, attempt_no) USING (event_id, attempt_no)
       WHERE i.lease_owner = $1 AND i.state = 'SENDING' FOR UPDATE OF i SKIP LOCKED)`,
    [owner, leaseSeconds, attempts.map(({ eventId }) => eventId), attempts.map(({ attemptNo }) => attemptNo)],
  );
}

/** What `last_error` says first of a mail whose sender has died, or lost its database. */
export const senderWasLost = 'the sender was lost';

/** In its new state. */
export interface RescuedDelivery extends Delivery {
  /** The phase in which its sender was lost. */
  readonly lostIn: 'pre' | 'data';
}

/**
 * Takes back what a process that died, or lost its database, was sending. Invariants: before DATA nothing has gone out, so it is
 * simply open again (with a growing rest from the second time on: a mail that kills its sender must not do so in a circle); in DATA
 * the relay may have taken it, so it is UNCERTAIN, and at the second time closed.
 * @returns what was rescued
 */
export async function rescueLost(database: Pick<Database, 'transaction'>, reports: OutcomeReports): Promise<RescuedDelivery[]> {
  return database.transaction(async (tx) => {
    const rows = await tx.query<DeliveryRow & { readonly lost_in: 'pre' | 'data' }>(
      `WITH lost AS (
         SELECT event_id, phase AS lost_in FROM inbox WHERE state = 'SENDING' AND lease_until < now() ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED
       ), noted AS (
         INSERT INTO attempt (event_id, attempt_no, started_at, stage, reply, ended_at)
         SELECT event_id, attempt_no, attempt_started_at, phase, '${senderWasLost}', now() FROM inbox JOIN lost USING (event_id)
       )
       UPDATE inbox i SET
         state = CASE
           WHEN phase = 'data' AND uncertain_count > 0 THEN 'UNCERTAIN_CLOSED'
           WHEN phase = 'data' OR uncertain_count > 0 THEN 'UNCERTAIN'
           ELSE 'PENDING' END,
         finished_at = CASE WHEN phase = 'data' AND uncertain_count > 0 THEN now() END,
         uncertain_count = uncertain_count + CASE phase WHEN 'data' THEN 1 ELSE 0 END,
         failures = failures + 1,
         next_at = now() + CASE WHEN failures = 0 THEN interval '0' ELSE make_interval(secs => least(300, 5 * 2 ^ least(failures, 10))) END,
         cause = '${senderWasLost}',
         last_error = '${senderWasLost} ' || CASE phase WHEN 'data' THEN 'while the mail was being handed over' ELSE 'before the mail went out' END,
         phase = NULL, lease_owner = NULL, lease_until = NULL
       FROM lost WHERE i.event_id = lost.event_id
       RETURNING ${deliveryColumns('i')}, lost_in`,
    );
    const rescued = rows.map((row) => ({ ...toDelivery(row), lostIn: row.lost_in }));
    await appendReports(tx, rescued.filter(({ state }) => state === 'UNCERTAIN_CLOSED').map((delivery) => reports.entry(delivery)));
    return rescued;
  });
}
