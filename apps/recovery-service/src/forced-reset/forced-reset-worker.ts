import { actAs, adminForcedPasswordReset, inRequest, isUnavailable, Unavailable, type UserManager } from '@rekey/governance';
import type { Roles, User } from '@rekey/identity';
import { RepeatingTask, type Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { userCondition } from '../scim/user-filter.ts';
import type { ForcedReset } from './forced-reset.ts';
import { advance, claimForcedReset, finishForcedReset, handBackForcedReset, listedUsers, mailsUnderWay, type Step } from './forced-reset-statements.ts';

export interface ForcedResetWorkerParts {
  readonly database: Database;
  readonly users: UserManager;
  readonly roles: Roles;
  readonly log: Logger;
}

/** Users reset before another forced reset has its turn. */
const portion = 20;
/** So many mails may be on their way before anybody's next one waits noticeably. */
const manyMails = 500;
const everyMs = 1_000;

/** `at`: what the cursor is once they are done with. */
interface Candidate {
  readonly at: string;
  /** null: deleted meanwhile. */
  readonly user: User | null;
}

/**
 * Resets the users of forced resets, one after the other, in portions that any instance of the service may take. While many mails are on their
 * way, it resets one user a second: those who ask for a link themselves do not wait behind everybody else's.
 */
export class ForcedResetWorker {
  private readonly working: RepeatingTask;

  constructor(private readonly parts: ForcedResetWorkerParts) {
    this.working = new RepeatingTask(() => this.work(), { everyMs, onError: (err) => parts.log.warn({ err }, 'forced resets cannot go on; they are tried again') });
  }

  start(): void {
    this.working.start();
  }

  /** There is something to do. */
  wake(): void {
    this.working.wake();
  }

  /** Finishes the portion in hand. */
  async stop(): Promise<void> {
    await this.working.stop();
  }

  /** @returns whether there may be more to do at once */
  private async work(): Promise<boolean> {
    const { database } = this.parts;
    const isCrowded = (await mailsUnderWay(database, manyMails)) === manyMails;
    const forcedReset = await claimForcedReset(database);
    if (!forcedReset) return false;
    try {
      await inRequest(forcedReset.id, async () => {
        actAs(forcedReset.startedBy);
        await this.resetSome(forcedReset, isCrowded ? 1 : portion);
      });
    } finally {
      // Where that fails too, the lease runs out.
      await handBackForcedReset(database, forcedReset.id).catch(() => undefined);
    }
    return !isCrowded;
  }

  private async resetSome(forcedReset: ForcedReset, limit: number): Promise<void> {
    let from = forcedReset.cursor;
    const candidates = await this.next(forcedReset, limit);
    const spared = await this.sparedFrom(forcedReset, candidates);
    for (const { at, user } of candidates) {
      const step = { forcedResetId: forcedReset.id, from, to: at };
      const goesOn = user && spared.has(user.id) ? await advance(this.parts.database, step, { kind: 'skipped', reason: 'has-role' }) : await this.reset(forcedReset, step, user);
      if (!goesOn) return;
      from = at;
    }
    if (candidates.length < limit) await finishForcedReset(this.parts.database, forcedReset.id, from);
  }

  /** Whom only an administrator resets; whoever has started it counts as what they are now. */
  private async sparedFrom({ startedBy }: ForcedReset, candidates: readonly Candidate[]): Promise<ReadonlySet<string>> {
    const { roles } = this.parts;
    if ((await roles.of(startedBy.id)).has('administrator')) return new Set();
    const others = candidates.flatMap(({ user }) => (user && user.id !== startedBy.id ? [user.id] : []));
    const held = await Promise.all(others.map(async (id) => ((await roles.of(id)).size > 0 ? [id] : [])));
    return new Set(held.flat());
  }

  private async next(forcedReset: ForcedReset, limit: number): Promise<readonly Candidate[]> {
    const { database, users } = this.parts;
    const { tenantDomain, filter, cursor } = forcedReset;
    if (filter === null) {
      const ids = await listedUsers(database, forcedReset, limit);
      return Promise.all(ids.map(async (id) => ({ at: id, user: await users.findUserById(id) })));
    }
    const list = await users.listUsers({ tenantDomain, realm: 'PRIMARY' }, cursor, limit, userCondition(filter));
    if (list.kind === 'refused') throw new Error(`a listener does not let users be listed (${list.code}): ${list.message}`);
    return list.users.map((user) => ({ at: user.username, user }));
  }

  /**
   * @returns whether to go on: not where somebody has paused or cancelled it, or another instance was here before
   * @throws Unavailable, and the database's errors, where the user had better be tried again
   */
  private async reset({ startedBy, way }: ForcedReset, step: Step, user: User | null): Promise<boolean> {
    const { database, users, log } = this.parts;
    if (user === null) return advance(database, step, { kind: 'skipped', reason: 'no-such-user' });
    if (user.id === startedBy.id) return advance(database, step, { kind: 'skipped', reason: 'oneself' });
    try {
      const outcome = await users.setClaims(user, { [adminForcedPasswordReset]: 'true' }, (tx) => advance(tx, step, { kind: 'done' }), way);
      switch (outcome.kind) {
        case 'updated':
          return true;
        case 'refused':
          if (outcome.code === 'RKY-10007') throw new Unavailable(outcome.message);
          return await advance(database, step, { kind: 'failed', reason: outcome.code });
        case 'no-such-user':
          // Or it could not advance, and cannot now.
          return await advance(database, step, { kind: 'skipped', reason: 'no-such-user' });
      }
    } catch (err) {
      if (isUnavailable(err)) throw err;
      log.error({ err, forcedResetId: step.forcedResetId, userId: user.id }, 'a user could not be reset: the forced reset goes on with the next one');
      return advance(database, step, { kind: 'failed', reason: '18013' });
    }
  }
}
