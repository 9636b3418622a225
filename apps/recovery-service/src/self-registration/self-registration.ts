import { matchesInTime } from '@rekey/deployment-config';
import type { SecretSealer } from '@rekey/events';
import { confirmed, isUnconfirmed, unconfirmed, type AddOutcome, type ConnectorSettings, type Refused } from '@rekey/governance';
import type { Claims, User, UserName } from '@rekey/identity';
import { appendToOutbox } from '@rekey/messaging';
import { addressOf, obstacleToConfirming, type Account } from '../recovery/account.ts';
import { accountOfKey, keyProof } from '../recovery/account-of-key.ts';
import { askFor, type AskingParts } from '../recovery/asked.ts';
import { issueHeldKey } from '../recovery/held-key.ts';
import { nextKey } from '../recovery/next-key.ts';
import type { RecoveryEvents } from '../recovery/recovery-events.ts';
import { countResend, issueKey, spendKey, type KeyProof, type Repeats, type ResendLimits } from '../recovery/recovery-statements.ts';

export interface SelfRegistrationParts extends AskingParts {
  readonly settings: ConnectorSettings;
  readonly sealer: SecretSealer;
  readonly events: RecoveryEvents;
  readonly limits: () => Pick<ResendLimits, 'mailsPerAccountPerHour'> & Repeats;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
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

export type ConfirmationOutcome = { readonly kind: 'confirmed'; readonly user: User } | { readonly kind: 'key-not-live' } | Refused;

/** People who make accounts of their own, and prove that the address is theirs. */
export class SelfRegistration {
  constructor(private readonly parts: SelfRegistrationParts) {}

  async isEnabled(tenantDomain: string): Promise<boolean> {
    return (await this.parts.settings.selfSignUp(tenantDomain)).enable;
  }

  /** Account and mail are one transaction: none is there without the other. */
  async register({ name, password, claims, callback }: Registrant): Promise<RegistrationOutcome> {
    const { users, settings, sealer, events, wakeRelay } = this.parts;
    const { enable, lockOnCreation, verificationMinutes, callbackPattern } = await settings.selfSignUp(name.tenantDomain);
    if (!enable) return { kind: 'not-permitted', code: '20021' };
    if (callback !== undefined && !matchesInTime(callbackPattern, callback)) return { kind: 'not-permitted', code: '20044' };
    if (lockOnCreation && addressOf({ claims }) === null) return { kind: 'no-address' };
    const outcome = lockOnCreation
      ? await users.addUser(name, password, { ...claims, ...unconfirmed }, (tx, user) =>
          issueHeldKey(tx, user.id, 'sign-up', (moment) => nextKey(sealer, moment, verificationMinutes).issued, (issued) => events.accountConfirmationRequested({ user, claims }, { ...issued, now: issued.issuedAt, templateType: 'accountconfirmation' })))
      : await users.addUser(name, password, claims);
    if (outcome.kind !== 'added') return outcome;
    if (lockOnCreation) wakeRelay();
    return { kind: 'registered', awaitsConfirmation: lockOnCreation };
  }

  /**
   * The live key once more, or a new one where it has died meanwhile: without one the account would be of no use for good. Costs the same
   * for a name that nobody has, and for an account that waits for nothing. Whoever loses to another request gets that one's mail.
   */
  async sendAgain(name: UserName): Promise<void> {
    const { database, settings, sealer, events, limits, wakeRelay } = this.parts;
    const [{ verificationMinutes }, { maxResendAttempts }] = await Promise.all([settings.selfSignUp(name.tenantDomain), settings.accountRecovery(name.tenantDomain)]);
    const { account, subject, moment } = await askFor(this.parts, name, 'sign-up', obstacleToConfirming);
    const { now, state } = moment;
    const mailOf = (key: { recoveryId: string; sealedSecret: string; expiresAt: Date }) => events.accountConfirmationRequested(account, { ...key, now, templateType: 'resendaccountconfirmation' });
    const { issued } = nextKey(sealer, moment, verificationMinutes);
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
    const { notifyOnConfirmation } = await settings.selfSignUp(user.tenantDomain);
    const address = notifyOnConfirmation ? addressOf(account) : null;
    const outcome = await users.setClaims(user, confirmed, async (tx) => {
      const spent = await spendKey(tx, proof, 'sign-up');
      if (spent && address !== null) await appendToOutbox(tx, [events.accountChanged(account, address, { change: 'confirmed', at: spent.now, clientAddress })]);
      return spent !== null;
    });
    if (outcome.kind === 'refused') return outcome;
    if (outcome.kind === 'no-such-user') return { kind: 'key-not-live' };
    wakeRelay();
    log.info({ userId: user.id, tenantDomain: user.tenantDomain }, 'account confirmed');
    return { kind: 'confirmed', user };
  }

  /** An administrator may have unlocked the account meanwhile: there is nothing to confirm then. */
  private async accountOf(proof: KeyProof | null, tenantDomain: string | null): Promise<Account | null> {
    const account = await accountOfKey(this.parts, proof, 'sign-up', tenantDomain);
    return account && isUnconfirmed(account.claims) ? account : null;
  }
}
