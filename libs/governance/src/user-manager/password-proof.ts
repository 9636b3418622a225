import { HashQueueFullError, type Credential, type PasswordHasher, type User, type UserStore } from '@rekey/identity';
import type { SqlExecutor } from '@rekey/messaging';
import { isPassword } from '../password-policy/password-policy.ts';

/** Whose password a password is, and that stored ones are hashed as is asked for today. */
export class PasswordProof {
  constructor(
    private readonly database: SqlExecutor,
    private readonly store: UserStore,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * @returns the credential that the password proves; null where it is wrong, or the user has none or does not exist: after the same work
   * @throws HashQueueFullError
   */
  async of(user: User, password: string): Promise<Credential | null> {
    const credential = await this.store.credentialOf(this.database, user.id);
    const usable = isPassword(password);
    const right = await this.hasher.verify(usable ? password : '', usable ? (credential?.passwordHash ?? null) : null);
    return right ? credential : null;
  }

  /** Sign-ins are when the password is at hand; one that cannot be hashed now is hashed at the next. */
  async renewHash(user: User, password: string, { passwordHash, generation }: Credential): Promise<void> {
    if (passwordHash === null || !this.hasher.needsRehash(passwordHash)) return;
    try {
      await this.store.renewPasswordHash(this.database, user.id, await this.hasher.hash(password), generation);
    } catch (error) {
      if (!(error instanceof HashQueueFullError)) throw error;
    }
  }
}
