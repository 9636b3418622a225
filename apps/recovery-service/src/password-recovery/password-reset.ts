import type { ConnectorSettings, PolicyReason, UserManager } from '@rekey/governance';
import type { Roles, User } from '@rekey/identity';
import { crashPoint } from '@rekey/lifecycle';
import { appendToOutbox, type Database } from '@rekey/messaging';
import { traced, type Logger } from '@rekey/observability';
import { accountOfKey, keyProof } from '../recovery/account-of-key.ts';
import { barTo, type Account } from '../recovery/account.ts';
import { spendKey, type KeyProof } from '../recovery/key-statements.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import { confirmKey } from './confirm-statements.ts';

export interface PasswordResetParts {
  readonly database: Database;
  readonly users: UserManager;
  readonly roles: Roles;
  readonly settings: ConnectorSettings;
  readonly events: RecoveryEvents;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
  readonly log: Logger;
}

export interface ResetOptions {
  /** The person's, whom the mail tells of it; without one a portal has asked, whose address says nothing. */
  readonly clientAddress?: string;
  /** By a recovery client, to whom no key is handed that opens an account with a role: none that was handed over opens one either, whatever has become of the account since. */
  readonly byClient?: boolean;
}

export type ResetOutcome =
  | { readonly kind: 'reset'; readonly user: User }
  /** Wrong, expired, used and superseded keys alike (S26). */
  | { readonly kind: 'key-not-live' }
  | { readonly kind: 'password-refused'; readonly code: string; readonly message: string; readonly reasons: readonly PolicyReason[] };

/** A new password for a key. */
export class PasswordReset {
  constructor(private readonly parts: PasswordResetParts) {}

  /**
   * Whose live key this is. Changes nothing.
   * @param tenantDomain the only tenant whose keys count; null: any
   */
  async check(keyText: string, tenantDomain: string | null): Promise<User | null> {
    return (await this.checkAccount(keyText, tenantDomain))?.user ?? null;
  }

  /** The same, with what the account waits for. */
  async checkAccount(keyText: string, tenantDomain: string | null): Promise<Account | null> {
    return this.accountOf(keyProof(keyText), tenantDomain);
  }

  /**
   * Gives a reset code for a live key, which stays live.
   * @returns whose key it is; null where it is not live
   */
  async confirm(keyText: string, tenantDomain: string, resetCodeHash: Buffer): Promise<User | null> {
    const proof = keyProof(keyText);
    const account = await this.accountOf(proof, tenantDomain);
    return account && proof && (await confirmKey(this.parts.database, proof, 'password', resetCodeHash)) ? account.user : null;
  }

  /**
   * Sets the password if the key is live and the chain agrees. Key spent, password set, sessions ended and event written: one transaction, or none of it.
   * @param shown a recovery key, or what has come of one
   */
  async reset(shown: string | KeyProof, newPassword: string, tenantDomain: string | null, { clientAddress, byClient = false }: ResetOptions = {}): Promise<ResetOutcome> {
    const { users, roles, settings, events, wakeRelay, log } = this.parts;
    const proof = typeof shown === 'string' ? keyProof(shown) : shown;
    const account = await this.accountOf(proof, tenantDomain);
    if (!proof || !account) return { kind: 'key-not-live' };
    const { user } = account;

    const { notifyOnReset } = await settings.accountRecovery(user.tenantDomain);
    crashPoint('K18');
    const outcome = await users.updateCredentialByAdmin(user, newPassword, async (tx, provesAddress) => {
      const spent = await spendKey(tx, proof, 'password');
      crashPoint('K19');
      if (byClient && !spent?.mailed && (await roles.of(user.id, tx)).size > 0) return false;
      if (spent) {
        await traced('password recovered', { linkedTo: spent.traceparent, attributes: { 'rekey.recovery_id': spent.recoveryId } }, async () =>
          appendToOutbox(tx, [events.passwordRecovered(account, { ...spent, notify: notifyOnReset, clientAddress })]));
      }
      if (spent?.mailed) provesAddress();
      return spent !== null;
    });
    switch (outcome.kind) {
      case 'refused':
        return { kind: 'password-refused', code: outcome.code, message: outcome.message, reasons: outcome.reasons ?? [] };
      case 'not-done':
        return { kind: 'key-not-live' };
      case 'updated':
        crashPoint('K20');
        wakeRelay();
        log.info({ userId: user.id, tenantDomain: user.tenantDomain }, 'password recovered');
        return { kind: 'reset', user };
    }
  }

  /** Whose key this is; null where it is not live, or nothing opens their account. */
  private async accountOf(proof: KeyProof | null, tenantDomain: string | null): Promise<Account | null> {
    const account = await accountOfKey(this.parts, proof, 'password', tenantDomain);
    return account && barTo(account) === null ? account : null;
  }
}
