import { randomUUID } from 'node:crypto';
import type { User } from '@rekey/identity';
import type { Database, SqlExecutor } from '@rekey/messaging';
import type { AccountChangedHook } from '../account-change.ts';
import { awaitsOwner, awaitsPassword, isLocked, opened, type ClaimReader } from '../account-status.ts';
import { claimsChange } from '../chain/claims-change.ts';
import { proceed, type TransactionHooks, type UserOperations, type Verdict } from '../chain/user-operation.ts';
import type { ConnectorSettings } from '../connector/connector-settings.ts';
import type { HeldClaims, IdentityClaims } from '../identity-claims.ts';
import { refuse } from '../refusals.ts';
import type { SignInStatus } from '../sign-in-status.ts';
import { afterAdministrator, afterForgiving, afterTimedUnlock, afterWrongPassword, hasFailures, isLockedByAdministrator, isOver, isTold, lockClaims, saysOfLock, unlocksAt, type LockRules } from './lock-rules.ts';

export interface AccountLockParts {
  readonly database: Database;
  readonly read: ClaimReader;
  readonly status: SignInStatus;
  readonly identityClaims: IdentityClaims;
  readonly settings: ConnectorSettings;
  /** Told of locks and unlocks. */
  readonly tell: AccountChangedHook;
}

/**
 * Locks accounts after wrong passwords, and unlocks them. `identity_mgt` and `account.lock.handler` share one: where both are enabled,
 * each sign-in counts once. Everything that is decided is decided under the account's row lock: sign-ins at once take turns, so that
 * each counts, and the right password among more guesses than are allowed is of no use.
 */
export class AccountLock {
  /** A sign-in's user is an object of its own. */
  private readonly settled = new WeakMap<User, Promise<Verdict>>();
  private readonly seen = new WeakSet<SqlExecutor>();

  constructor(private readonly parts: AccountLockParts) {}

  /** Before the password is looked at. A lock whose time is over ends here. */
  async admit(signIn: UserOperations['authenticate']): Promise<Verdict> {
    const { user, dryRun } = signIn;
    const status = await this.parts.status(signIn);
    if (!isLocked(status)) return proceed;
    // Whether a lock is over the database's clock decides; asking it about every locked account would tell which ones are.
    if (!isOver(status, new Date())) return refuse(awaitsOwner(status) ? '17005' : '17003');
    return this.parts.database.transaction(async (tx) => {
      const held = await this.parts.identityClaims.hold(tx, user.id);
      const isStillLocked = held !== null && isLocked(held.claims);
      const ends = isStillLocked && isOver(held.claims, held.now);
      if (ends && !dryRun) await this.unlock(tx, user, held, 'time');
      else await commitSoon(tx);
      return isStillLocked && !ends ? refuse('17003') : proceed;
    });
  }

  /** Once the password has been looked at: counts a wrong one; a right one is refused where the account has been locked meanwhile. */
  async settle({ user, authenticated }: UserOperations['authenticate']): Promise<Verdict> {
    const verdict = this.settled.get(user) ?? this.settleOnce(user, authenticated);
    this.settled.set(user, verdict);
    return verdict;
  }

  /** For the transactions that set claims, and a password without the old one. */
  readonly within: TransactionHooks = {
    setClaims: async (operation, tx) => {
      const { user } = operation;
      const requested = claimsChange(operation);
      const held = saysOfLock(requested) ? await this.holdOnce(tx, user) : null;
      if (!held) return;
      const { claims, now: at } = held;
      await this.parts.identityClaims.set(tx, user.id, afterAdministrator(requested, claims));
      const locks = isLocked(requested);
      // Of an address that had to be proved, or a first password, nobody was told as of a lock.
      if (locks === isTold(claims) || awaitsOwner(claims)) return;
      const news = locks ? ({ kind: 'locked', until: unlocksAt(requested) } as const) : ({ kind: 'unlocked' } as const);
      await this.parts.tell(tx, user, { ...news, reason: 'administrator', at, claims });
    },
    updateCredentialByAdmin: async ({ user }, tx) => {
      const held = await this.holdOnce(tx, user);
      if (!held || isLockedByAdministrator(held.claims)) return;
      if (awaitsPassword(held.claims)) await this.parts.identityClaims.set(tx, user.id, opened);
      else if (isLocked(held.claims)) await this.unlock(tx, user, held, 'recovery');
      else if (hasFailures(held.claims)) await this.parts.identityClaims.set(tx, user.id, afterForgiving);
    },
  };

  /** What counting costs, where a sign-in was refused whatever the password: strangers are not to learn that from the time it takes. */
  async countForNobody(user: User): Promise<void> {
    await this.settleOnce({ ...user, id: randomUUID() }, false);
  }

  private async settleOnce(user: User, authenticated: boolean): Promise<Verdict> {
    const settings = await this.parts.settings.accountLock(user.tenantDomain);
    if (!settings.enable) return proceed;
    return authenticated ? this.succeeded(user) : this.failed(user, settings);
  }

  /** For nobody the statements are the same, and change nothing. */
  private async failed(user: User, settings: LockRules): Promise<Verdict> {
    const { database, identityClaims, tell } = this.parts;
    await database.transaction(async (tx) => {
      const held = await identityClaims.hold(tx, user.id);
      const { claims, now } = held ?? { claims: {}, now: new Date() };
      const change = isLocked(claims) ? {} : afterWrongPassword(claims, now, settings);
      await identityClaims.set(tx, user.id, change);
      if (held && isLocked(change)) await tell(tx, user, { kind: 'locked', reason: 'failed-attempts', at: now, until: unlocksAt(change), claims });
      else await commitSoon(tx);
    });
    return proceed;
  }

  private async succeeded(user: User): Promise<Verdict> {
    const { database, read, identityClaims } = this.parts;
    const seen = await read(user, lockClaims);
    if (!isLocked(seen) && !hasFailures(seen)) return proceed;
    return database.transaction(async (tx) => {
      const held = await identityClaims.hold(tx, user.id);
      if (!held || isLocked(held.claims)) return refuse('17003');
      await identityClaims.set(tx, user.id, afterForgiving);
      return proceed;
    });
  }

  private async unlock(tx: SqlExecutor, user: User, { claims, now }: HeldClaims, reason: 'time' | 'recovery'): Promise<void> {
    await this.parts.identityClaims.set(tx, user.id, reason === 'time' ? afterTimedUnlock : afterForgiving);
    await this.parts.tell(tx, user, { kind: 'unlocked', reason, at: now, claims });
  }

  /** null also for the second listener in one transaction. */
  private async holdOnce(tx: SqlExecutor, user: User): Promise<HeldClaims | null> {
    if (this.seen.has(tx)) return null;
    this.seen.add(tx);
    return this.parts.identityClaims.hold(tx, user.id);
  }
}

/** Waiting for the disk would tell a stranger that there is such a user; a count that a crash forgets harms nobody. */
async function commitSoon(tx: SqlExecutor): Promise<void> {
  await tx.query(`SET LOCAL synchronous_commit TO off`);
}
