import { addressClaim, emailVerified, pendingAddress, type ConnectorSettings, type SetClaimsOutcome } from '@rekey/governance';
import type { User, UserName } from '@rekey/identity';
import type { ConfirmationMails } from '../rate-limit/confirmation-mails.ts';
import { obstacleToNewAddress, withPendingAddress, type Account, type Obstacle } from '../recovery/account.ts';
import { accountOfKey, keyProof } from '../recovery/account-of-key.ts';
import { askFor, type AskingParts } from '../recovery/asked.ts';
import type { ConfirmationOutcome } from '../recovery/confirmed-or-refused.ts';
import { spendKey, voidKey } from '../recovery/key-statements.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import { countResend, type Repeats, type ResendLimits } from '../recovery/recovery-statements.ts';

export interface AddressVerificationParts extends AskingParts {
  readonly settings: ConnectorSettings;
  readonly events: RecoveryEvents;
  readonly confirmationMails: ConfirmationMails;
  readonly limits: () => Pick<ResendLimits, 'mailsPerAccountPerHour'> & Repeats;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
}

/** Another mail address, which counts once whoever reads mail there has used the link. Links for a new password go to the old one until then (S5, S22). */
export class AddressVerification {
  constructor(private readonly parts: AddressVerificationParts) {}

  /** Key spent, and the address in force: one transaction, or none of it. An address that was asked for since has a key of its own. */
  async confirm(keyText: string, tenantDomain: string | null): Promise<ConfirmationOutcome> {
    const { users, log } = this.parts;
    const proof = keyProof(keyText);
    const account = await accountOfKey(this.parts, proof, 'address', tenantDomain);
    const address = account?.claims[pendingAddress];
    if (!proof || !account || !address || obstacleToNewAddress(account) !== null) return { kind: 'key-not-live' };
    const { user } = account;
    const outcome = await users.setClaims(user, { [addressClaim]: address, [pendingAddress]: '', [emailVerified]: 'true' }, async (tx) => (await spendKey(tx, proof, 'address')) !== null);
    if (outcome.kind === 'refused') return outcome;
    if (outcome.kind === 'no-such-user') return { kind: 'key-not-live' };
    log.info({ userId: user.id, tenantDomain: user.tenantDomain }, 'mail address confirmed');
    return { kind: 'confirmed', user, callback: null };
  }

  /**
   * Mails the live key once more. A key that has died stays dead: the address is given again.
   * @returns whether it was mailed: not with no such key, or no mails left. For the person alone: strangers are told the same either way
   */
  async sendAgain(name: UserName): Promise<boolean> {
    const { database, settings, events, limits, wakeRelay } = this.parts;
    const { account, subject, moment: { now, state } } = await askFor(this.parts, name, 'address', (asked) => this.obstacleToAnotherMail(asked));
    if (!state?.live) return false;
    const [{ maxResendAttempts }, { mailsPerAccountPerHour }] = [await settings.accountRecovery(name.tenantDomain), limits()];
    const event = events.accountConfirmationRequested(withPendingAddress(account) ?? account, { ...state, now, templateType: 'resendVerifyEmailOnUpdate' });
    const isSent = await countResend(database, subject, state.recoveryId, { maxResendAttempts, mailsPerAccountPerHour }, event);
    if (isSent) wakeRelay();
    return isSent;
  }

  /** The person has thought better of it: nothing waits any more, and the link that was mailed is dead. */
  async cancel(user: User): Promise<SetClaimsOutcome> {
    return this.parts.users.setClaims(user, { [pendingAddress]: '' }, async (tx) => {
      await voidKey(tx, user.id, 'address');
      return true;
    });
  }

  /** Whoever waits for nothing is counted under a name of their own, so that it costs the same. */
  private async obstacleToAnotherMail(account: Account): Promise<Obstacle | null> {
    const obstacle = obstacleToNewAddress(account);
    const mayMail = await this.parts.confirmationMails.count(this.parts.database, obstacle === null ? (account.claims[pendingAddress] ?? '') : account.user.id);
    return obstacle ?? (mayMail ? null : 'no-such-user');
  }
}
