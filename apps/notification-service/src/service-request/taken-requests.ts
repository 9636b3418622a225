import type { SqlExecutor } from '@rekey/messaging';

/** Far more than the clocks of instances and the database differ by: what one of them still believes is not forgotten. */
const keptMinutes = 60;

/** @returns whether this is the first time: of any number at once, on any number of instances, one is */
export async function takeRequest(database: SqlExecutor, { id, lapsesAt }: { readonly id: string; readonly lapsesAt: Date }): Promise<boolean> {
  const taken = await database.query(`INSERT INTO taken_request (request_id, lapses_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING request_id`, [id, lapsesAt]);
  return taken.length === 1;
}

/** @returns whether there may be more of them */
export async function pruneTakenRequests(database: SqlExecutor, atOnce = 5_000): Promise<boolean> {
  const rows = await database.query(
    `DELETE FROM taken_request WHERE request_id IN (SELECT request_id FROM taken_request WHERE lapses_at < now() - make_interval(mins => ${keptMinutes}) LIMIT $1) RETURNING request_id`,
    [atOnce],
  );
  return rows.length === atOnce;
}
