import { isRegistration, type UserManager } from '@rekey/governance';
import type { SqlExecutor } from '@rekey/messaging';

/** So long an account whose link has expired waits for somebody to ask for another one. */
const daysKept = 7;
const noId = '00000000-0000-0000-0000-000000000000';

/**
 * Deletes accounts that were registered and never confirmed, through the listener chain, and with each what was kept of its links: whoever
 * registers others' addresses fills no table, and keeps no name from whom it belongs to. What the chain refuses to delete stays.
 */
export async function pruneUnconfirmed(database: SqlExecutor, users: UserManager, atOnce = 500): Promise<void> {
  for (let after = noId, more = true; more; ) {
    const expired = await database.query<{ userId: string }>(
      `SELECT user_id AS "userId" FROM recovery
       WHERE purpose = 'sign-up' AND NOT decoy AND used_at IS NULL AND expires_at < now() - interval '${daysKept} days' AND user_id > $1 ORDER BY user_id LIMIT $2`,
      [after, atOnce],
    );
    for (const { userId } of expired) if (await remove(users, userId)) await database.query(`DELETE FROM recovery WHERE user_id = $1`, [userId]);
    after = expired.at(-1)?.userId ?? after;
    more = expired.length === atOnce;
  }
}

/** @returns whether there is no such account now. One that an administrator has made, or somebody changes at this moment, stays. */
async function remove(users: UserManager, userId: string): Promise<boolean> {
  const profile = await users.profileOf(userId);
  if (profile === null) return true;
  if (!isRegistration(profile.claims)) return false;
  return (await users.deleteUser(profile.user, profile.claimsGeneration)).kind === 'deleted';
}
