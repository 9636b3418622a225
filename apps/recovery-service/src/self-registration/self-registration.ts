import { matchesInTime } from '@rekey/deployment-config';
import type { SecretSealer } from '@rekey/events';
import { confirmed, isRegistration, isUnconfirmed, unconfirmed, type AddOutcome, type ConnectorSettings } from '@rekey/governance';
import type { Claims, User, UserName } from '@rekey/identity';
import { appendToOutbox, type SqlExecutor } from '@rekey/messaging';
import type { ConfirmationMails } from '../rate-limit/confirmation-mails.ts';
import { addressOf, obstacleToConfirming, type Account, type Obstacle } from '../recovery/account.ts';
import { accountOfKey, keyProof } from '../recovery/account-of-key.ts';
import { askFor, type AskingParts } from '../recovery/asked.ts';
import { issueHeldKey } from '../recovery/held-key.ts';
import { spendKey, type KeyProof } from '../recovery/key-statements.ts';
import { nextKey } from '../recovery/next-key.ts';
import type { ConfirmationMail, RecoveryEvents } from '../recovery/recovery-events.ts';
import type { ConfirmationOutcome } from '../recovery/confirmed-or-refused.ts';
import { countResend, issueKey, type IssuedKey, type Repeats, type ResendLimits } from '../recovery/recovery-statements.ts';

export interface SelfRegistrationParts extends AskingParts {
  readonly settings: ConnectorSettings;
  readonly sealer: SecretSealer;
  readonly events: RecoveryEvents;
  readonly confirmationMails: ConfirmationMails;
  readonly limits: () => Pick<ResendLimits, 'mailsPerAccountPerHour'> & Repeats;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
}

interface ConfirmationRequest {
  readonly verificationMinutes: number;
  readonly callback?: string | undefined;
  readonly templateType: ConfirmationMail;
}

export interface Registrant {
  readonly name: UserName;
  readonly password: string;
  /** By WSO2's claim URI; none is an identity claim. */
  readonly claims: Claims;
  readonly callback: string | undefined;
}

export type RegistrationOutcome =
  /** `awaitsConfirmation`: a mail is on its way, and until its link is used nobody signs in. */
  | { readonly kind: 'registered'; readonly awaitsConfirmation: boolean }
  | { readonly kind: 'not-permitted'; readonly code: '20021' | '20044' }
  | { readonly kind: 'no-address' }
  | Exclude<AddOutcome, { kind: 'added' }>;

/** People who make accounts of their own, and prove that the address is theirs. */
export class SelfRegistration {
  constructor(private readonly parts: SelfRegistrationParts) {}

  async isEnabled(tenantDomain: string): Promise<boolean> {
    return (await this.parts.settings.selfSignUp(tenantDomain)).enable;
  }

  /**
   * Account and mail are one transaction: none is there without the other. Beyond the mails that its address may get in an hour the account
   * is made all the same, and the answer is the same: its owner asks for the mail again.
   */
  async register({ name, password, claims, callback }: Registrant): Promise<RegistrationOutcome> {
    const { users, settings, wakeRelay } = this.parts;
    const { enable, lockOnCreation, verificationMinutes, callbackPattern } = await settings.selfSignUp(name.tenantDomain);
    if (!enable) return { kind: 'not-permitted', code: '20021' };
    if (callback !== undefined && !matchesInTime(callbackPattern, callback)) return { kind: 'not-permitted', code: '20044' };
    const address = addressOf({ claims });
    if (lockOnCreation && address === null) return { kind: 'no-address' };
    const outcome = lockOnCreation && address !== null
      ? await users.addUser(name, password, { ...claims, ...unconfirmed }, (tx, user) => this.askToConfirm(tx, { user, claims }, address, { verificationMinutes, callback, templateType: 'accountconfirmation' }))
      : await users.addUser(name, password, claims);
    if (outcome.kind !== 'added') return outcome;
    if (lockOnCreation) wakeRelay();
    return { kind: 'registered', awaitsConfirmation: lockOnCreation };
  }

  /**
   * The live key once more, or a new one where it has died meanwhile: without one the account would be of no use for good. Costs the same
   * for a name that nobody has, and for an account that waits for nothing. Whoever loses to another request gets that one's mail.
   */
  async sendAgain(name: UserName, clientAddress?: string): Promise<void> {
    const { database, settings, sealer, events, limits, wakeRelay } = this.parts;
    const [signUp, onboarding, { maxResendAttempts }] = await Promise.all([settings.selfSignUp(name.tenantDomain), settings.userEmailVerification(name.tenantDomain), settings.accountRecovery(name.tenantDomain)]);
    const { account, subject, moment } = await askFor(this.parts, name, 'sign-up', (account) => this.obstacleToAnotherMail(account));
    const { now, state } = moment;
    const { verificationMinutes } = isRegistration(account.claims) ? signUp : onboarding;
    const mailOf = (key: Pick<IssuedKey, 'recoveryId' | 'scenario' | 'sealedSecret' | 'expiresAt' | 'callback'>) => events.accountConfirmationRequested(account, { ...key, now, templateType: 'resendaccountconfirmation', clientAddress });
    const issued = { ...nextKey(sealer, moment, 'SELF_SIGN_UP', verificationMinutes).issued, callback: state?.callback ?? null };
    const { mailsPerAccountPerHour } = limits();
    const sent = state?.live
      ? await countResend(database, subject, state.recoveryId, { maxResendAttempts, mailsPerAccountPerHour }, mailOf(state))
      : await issueKey(database, subject, issued, mailOf(issued), mailsPerAccountPerHour);
    if (sent) wakeRelay();
  }

  /**
   * Whose live key this is. Changes nothing.
   * @param tenantDomain the only tenant whose keys count; null: any
   */
  async check(keyText: string, tenantDomain: string | null): Promise<User | null> {
    return (await this.accountOf(keyProof(keyText), tenantDomain))?.user ?? null;
  }

  /** Opens the account. Key spent, account unlocked and, where people are told, the mail written: one transaction, or none of it. */
  async confirm(keyText: string, tenantDomain: string | null, clientAddress?: string): Promise<ConfirmationOutcome> {
    const { users, settings, events, wakeRelay, log } = this.parts;
    const proof = keyProof(keyText);
    const account = await this.accountOf(proof, tenantDomain);
    if (!proof || !account) return { kind: 'key-not-live' };
    const { user } = account;
    const { notifyOnConfirmation, callbackPattern } = await settings.selfSignUp(user.tenantDomain);
    const address = notifyOnConfirmation ? addressOf(account) : null;
    let callback: string | null = null;
    const outcome = await users.setClaims(user, confirmed, async (tx) => {
      const spent = await spendKey(tx, proof, 'sign-up');
      if (spent && address !== null) await appendToOutbox(tx, [events.accountChanged(account, address, { change: 'confirmed', at: spent.now, clientAddress })]);
      callback = spent?.callback ?? null;
      return spent !== null;
    });
    if (outcome.kind === 'refused') return outcome;
    if (outcome.kind === 'no-such-user') return { kind: 'key-not-live' };
    wakeRelay();
    log.info({ userId: user.id, tenantDomain: user.tenantDomain }, 'account confirmed');
    // What was allowed then may be no longer (S39).
    return { kind: 'confirmed', user, callback: callback !== null && isOffered(callback, callbackPattern) ? callback : null };
  }

  /** Of an account that is made in this transaction, by its owner or by an administrator. Beyond the mails that its address may get in an hour the key waits for whoever asks for it again. */
  async askToConfirm(tx: SqlExecutor, account: Account, address: string, { verificationMinutes, callback, templateType }: ConfirmationRequest): Promise<void> {
    const { sealer, events, confirmationMails } = this.parts;
    const mayMail = await confirmationMails.count(tx, address);
    await issueHeldKey(tx, account.user.id, 'sign-up', (moment) => ({ ...nextKey(sealer, moment, 'SELF_SIGN_UP', verificationMinutes).issued, callback: callback ?? null }), mayMail ? (issued) => events.accountConfirmationRequested(account, { ...issued, now: issued.issuedAt, templateType }) : null);
  }

  /** Whoever waits for nothing is counted under a name of their own, so that it costs the same. */
  private async obstacleToAnotherMail(account: Account): Promise<Obstacle | null> {
    const obstacle = obstacleToConfirming(account);
    const mayMail = await this.parts.confirmationMails.count(this.parts.database, obstacle === null ? (addressOf(account) ?? '') : account.user.id);
    return obstacle ?? (mayMail ? null : 'no-such-user');
  }

  /** An administrator may have unlocked the account meanwhile: there is nothing to confirm then. */
  private async accountOf(proof: KeyProof | null, tenantDomain: string | null): Promise<Account | null> {
    const account = await accountOfKey(this.parts, proof, 'sign-up', tenantDomain);
    return account && isUnconfirmed(account.claims) ? account : null;
  }
}

/** My Account has it as a link: whatever a tenant's pattern says, it is no script. */
function isOffered(callback: string, pattern: RegExp): boolean {
  return /^https?:\/\//i.test(callback) && matchesInTime(pattern, callback);
}
