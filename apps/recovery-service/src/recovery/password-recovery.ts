import { createHmac, randomUUID } from 'node:crypto';
import { obstacleOf, recoveryClaims, type Account } from './account.ts';
import { hashOfKey, newRecoveryKey, parseRecoveryKey, type RecoveryKey } from './recovery-key.ts';
import { countResend, holderOf, issueKey, momentOf, spendKey, type KeyHolder, type RecoveryMoment, type RecoverySubject } from './recovery-statements.ts';
import type { RecoveryEvents } from './recovery-events.ts';
import { appendToOutbox, type Database } from '@rekey/messaging';
import type { SecretSealer } from '@rekey/events';
import type { ConnectorSettings, PolicyReason, UserManager } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import type { Logger } from '@rekey/observability';

export interface RecoveryLimits {
  readonly cooldownSeconds: number;
  readonly maxResendAttempts: number;
}

export interface RecoveryRequest {
  readonly name: UserName;
  readonly callback?: string;
  /** False: the caller brings the key to the person itself and gets it as the answer. */
  readonly notify: boolean;
}

/** `accepted` says nothing about whether such a user exists: the same for everyone (S1). */
export type RequestOutcome =
  | { readonly kind: 'accepted'; readonly key: RecoveryKey | null }
  | { readonly kind: 'refused'; readonly code: '20017' | '20044' };

export type ResetOutcome =
  | { readonly kind: 'reset'; readonly user: User }
  /** Wrong, expired, used and superseded keys alike (S26). */
  | { readonly kind: 'key-not-live' }
  | { readonly kind: 'password-refused'; readonly code: string; readonly message: string; readonly reasons: readonly PolicyReason[] };

/** The main job: a key by mail, and a new password for it. */
export class PasswordRecovery {
  constructor(
    private readonly database: Database,
    private readonly users: UserManager,
    private readonly settings: ConnectorSettings,
    private readonly sealer: SecretSealer,
    private readonly events: RecoveryEvents,
    private readonly limits: RecoveryLimits,
    /** Makes ids for names that nobody has: the same name always gets the same id, and no one can compute it. */
    private readonly decoySecret: Buffer,
    private readonly wakeRelay: () => void,
    private readonly log: Logger,
  ) {}

  /** Issues a key and the event that mails it. Costs the same for a name that nobody has. */
  async request({ name, callback, notify }: RecoveryRequest): Promise<RequestOutcome> {
    const settings = await this.settings.accountRecovery(name.tenantDomain);
    if (!settings.notificationBasedPasswordRecovery) return { kind: 'refused', code: '20017' };
    if (callback !== undefined && !settings.callbackPattern.test(callback)) return { kind: 'refused', code: '20044' };

    const mailed = notify && settings.manageInternally;
    const { account, subject } = await this.look(name, mailed);
    const moment = await momentOf(this.database, subject, this.limits.cooldownSeconds);
    // The mail of a moment ago is on its way, and its link works: one request or fifty, one mail.
    if (mailed && moment.state?.cooling) return { kind: 'accepted', key: null };
    const key = await this.issue(account, subject, moment, settings.linkValidityMinutes, mailed, callback);
    return { kind: 'accepted', key: mailed ? null : key };
  }

  /** Mails the live key once more; with none, or no resends left, does nothing and says the same. */
  async resend(name: UserName): Promise<RequestOutcome> {
    return this.repeat(name, async () => Promise.resolve());
  }

  /** "Send again", as a person means it: the live key once more, or a new one where it has died meanwhile. */
  async sendAgain(name: UserName): Promise<RequestOutcome> {
    return this.repeat(name, async (account, subject, moment, validityMinutes) => {
      await this.issue(account, subject, moment, validityMinutes, true, undefined);
    });
  }

  private async repeat(name: UserName, withoutLiveKey: (account: Account, subject: RecoverySubject, moment: RecoveryMoment, validityMinutes: number) => Promise<void>): Promise<RequestOutcome> {
    const settings = await this.settings.accountRecovery(name.tenantDomain);
    if (!settings.notificationBasedPasswordRecovery) return { kind: 'refused', code: '20017' };
    const { account, subject } = await this.look(name, true);
    const moment = await momentOf(this.database, subject, this.limits.cooldownSeconds);
    if (moment.state?.live) {
      const { recoveryId, generation, sealedSecret, expiresAt } = moment.state;
      const event = this.events.passwordRecoveryRequested(account, { recoveryId, generation, sealedSecret, now: moment.now, expiresAt, templateType: 'resendPasswordReset', callback: undefined });
      await countResend(this.database, subject, recoveryId, this.limits.maxResendAttempts, event);
      this.wakeRelay();
    } else {
      await withoutLiveKey(account, subject, moment, settings.linkValidityMinutes);
    }
    return { kind: 'accepted', key: null };
  }

  /** Whose live key this is. Changes nothing. */
  async check(keyText: string): Promise<User | null> {
    const key = parseRecoveryKey(keyText);
    const holder = key && (await holderOf(this.database, hashOfKey(key), 'password'));
    return holder ? this.users.findUserById(holder.userId) : null;
  }

  /** Sets the password if the key is live and the chain agrees. Key spent, password set, sessions ended and event written: one transaction, or none of it. */
  async reset(keyText: string, newPassword: string): Promise<ResetOutcome> {
    const key = parseRecoveryKey(keyText);
    const keyHash = key && hashOfKey(key);
    const holder = keyHash && (await holderOf(this.database, keyHash, 'password'));
    const user = holder && (await this.users.findUserById(holder.userId));
    if (!user) return { kind: 'key-not-live' };

    const account: Account = { user, claims: await this.users.getClaims(user, recoveryClaims) };
    const { notifyOnReset } = await this.settings.accountRecovery(user.tenantDomain);
    const result = await this.users.updateCredentialByAdmin(user, newPassword, async (tx) => {
      const spent: KeyHolder | null = await spendKey(tx, keyHash, 'password');
      if (!spent) return false;
      await appendToOutbox(tx, [this.events.passwordRecovered(account, { ...spent, notify: notifyOnReset })]);
      return true;
    });
    switch (result.kind) {
      case 'refused':
        return { kind: 'password-refused', code: result.code, message: result.message, reasons: result.reasons ?? [] };
      case 'not-done':
        return { kind: 'key-not-live' };
      case 'updated':
        this.wakeRelay();
        this.log.info({ userId: user.id, tenantDomain: user.tenantDomain }, 'password recovered');
        return { kind: 'reset', user };
    }
  }

  private async look(name: UserName, mailed: boolean): Promise<{ account: Account; subject: RecoverySubject }> {
    const user = await this.users.findUser(name);
    const nobody: User = { id: this.decoyId(name), ...name };
    const account: Account = { user: user ?? nobody, claims: await this.users.getClaims(user ?? nobody, recoveryClaims) };
    const obstacle = user === null ? 'no-such-user' : obstacleOf(account);
    const decoy = obstacle !== null && (mailed || obstacle !== 'no-address');
    if (!decoy) return { account, subject: { userId: account.user.id, purpose: 'password', decoy } };
    if (user) this.log.info({ userId: user.id, obstacle }, 'no recovery mail for this user');
    return { account: { user: nobody, claims: {} }, subject: { userId: nobody.id, purpose: 'password', decoy } };
  }

  private async issue(account: Account, subject: RecoverySubject, { now, state }: RecoveryMoment, validityMinutes: number, mailed: boolean, callback: string | undefined): Promise<RecoveryKey> {
    const key = newRecoveryKey();
    const recoveryId = randomUUID();
    const generation = (state?.generation ?? 0) + 1;
    const expiresAt = new Date(now.getTime() + validityMinutes * 60_000);
    const sealedSecret = await this.sealer.seal(key, recoveryId);
    const event = mailed ? this.events.passwordRecoveryRequested(account, { recoveryId, generation, sealedSecret, now, expiresAt, templateType: 'passwordreset', callback }) : null;
    const won = await issueKey(this.database, subject, { recoveryId, generation, keyHash: hashOfKey(key), sealedSecret, issuedAt: now, expiresAt }, event);
    // Lost: another request for the same person came first, and its mail is on its way.
    if (won) this.wakeRelay();
    return key;
  }

  private decoyId({ tenantDomain, realm, username }: UserName): string {
    const bytes = createHmac('sha256', this.decoySecret).update(JSON.stringify([tenantDomain, realm, username.normalize('NFC').toLowerCase()])).digest();
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
