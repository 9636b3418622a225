import type { HeldRecord, PasswordHistory, Sessions, User, UserStore } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import type { AccountChangedHook } from '../account-change.ts';
import type { ChainConfig } from '../configured-chain.ts';

/** How a person changes their own password. */
export interface OwnChange {
  /** Theirs, where it is known, for the mail about it. */
  readonly clientAddress?: string | undefined;
  /** The token of the session that stays open; default: none does. */
  readonly keptSession?: string | undefined;
}

export type PasswordChange = { readonly passwordHash: string } & (
  | { readonly by: 'administrator' }
  /** @property replaced the generation of the password that was proved */
  | ({ readonly by: 'user'; readonly replaced: number } & OwnChange)
);

export interface PasswordChangerParts {
  readonly store: UserStore;
  readonly sessions: Sessions;
  readonly history: PasswordHistory;
  readonly tell: AccountChangedHook;
}

/** What belongs to another password: the old one's place in the history, the end of sessions, and whoever is to know. */
export class PasswordChanger {
  constructor(private readonly parts: PasswordChangerParts) {}

  /**
   * @param tx holds the account
   * @returns false where the password that was proved is not the user's any more: nothing may stay of the transaction
   */
  async change(tx: SqlExecutor, user: User, { claims }: HeldRecord, { passwordHash, ...change }: PasswordChange, { enable, count }: ChainConfig['passwordHistory']): Promise<boolean> {
    const { store, sessions, history, tell } = this.parts;
    if (enable) await history.keepPresent(tx, user.id, count);
    if (!(await store.setPasswordHash(tx, user.id, passwordHash, change.by === 'user' ? change.replaced : null))) return false;
    await sessions.endAll(tx, user.id, change.by === 'user' ? change.keptSession : undefined);
    await tell(tx, user, change.by === 'user' ? { kind: 'password-changed', by: 'user', claims, clientAddress: change.clientAddress } : { kind: 'password-changed', by: 'administrator' });
    return true;
  }
}
