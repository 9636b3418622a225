import type { HeldRecord, User, UserStore } from '@rekey/identity';
import type { Database, SqlExecutor } from '@rekey/messaging';

/** The account first, as everybody takes it: whoever changes its claims voids recovery keys after that. Does nothing for a user that does not exist. */
export async function holding(database: Database, store: UserStore, user: User, work: (tx: SqlExecutor, held: HeldRecord) => Promise<boolean>): Promise<boolean> {
  return allOrNothing(database, async (tx) => {
    const held = await store.hold(tx, user.id);
    return held !== null && work(tx, held);
  });
}

/** @param work false: roll back */
export async function allOrNothing(database: Database, work: (tx: SqlExecutor) => Promise<boolean>): Promise<boolean> {
  try {
    return await database.transaction(async (tx) => {
      if (!(await work(tx))) throw new RolledBack();
      return true;
    });
  } catch (error) {
    if (error instanceof RolledBack) return false;
    throw error;
  }
}

/** How a transaction is told to undo what it did. */
class RolledBack extends Error {}
