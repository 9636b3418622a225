import { randomUUID } from 'node:crypto';
import type { SqlExecutor } from '@rekey/messaging';

/** Of each administrator: enough for a few windows, in which one types. */
const keptPerUser = 20;
export const keptMinutes = 15;

/** @returns the id under which whoever asked, and nobody else, sees it; null where there is no HTML */
export async function keepPreview(database: SqlExecutor, userId: string, html: string | null): Promise<string | null> {
  if (html === null) return null;
  const id = randomUUID();
  await database.query('INSERT INTO mail_preview (id, user_id, html) VALUES ($1, $2, $3)', [id, userId, html]);
  await database.query(
    `DELETE FROM mail_preview
     WHERE kept_at < now() - interval '${keptMinutes} minutes' OR id IN (SELECT id FROM mail_preview WHERE user_id = $1 ORDER BY kept_at DESC OFFSET ${keptPerUser})`,
    [userId],
  );
  return id;
}

/** @returns null where there is none under this id, or it is somebody else's, or was forgotten */
export async function keptPreview(database: SqlExecutor, userId: string, id: string): Promise<string | null> {
  const [row] = await database.query<{ html: string }>(`SELECT html FROM mail_preview WHERE id = $1 AND user_id = $2 AND kept_at >= now() - interval '${keptMinutes} minutes'`, [id, userId]);
  return row?.html ?? null;
}
