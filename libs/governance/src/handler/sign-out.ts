import { UserStore, type Sessions, type User } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';

/** Ends every session of a user, and lets no sign-in that is under way open another. */
export type SignOut = (tx: SqlExecutor, user: User) => Promise<void>;

export function signOutOf(sessions: Sessions): SignOut {
  const store = new UserStore();
  return async (tx, { id }) => {
    await store.overtakeSignIns(tx, id);
    await sessions.endAll(tx, id);
  };
}
