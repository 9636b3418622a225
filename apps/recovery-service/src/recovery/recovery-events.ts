import { topics, type EventData, type EventWriter, type RecoveryEventOf } from '@rekey/events';
import type { User } from '@rekey/identity';
import type { OutboxEntry } from '@rekey/messaging';
import { currentTraceparent } from '@rekey/observability';
import { addressOf, recipientOf, type Account } from './account.ts';
import type { KeyHolder } from './key-statements.ts';
import type { IssuedKey } from './recovery-statements.ts';

/** How long a notice about something that has happened is still worth mailing. */
const noticeValidityMs = 72 * 3_600_000;

type OwnEvent = 'PasswordRecoveryRequested' | 'UsernameRecoveryRequested' | 'PasswordRecovered' | 'RecoveryVoided' | 'AccountLocked' | 'AccountUnlocked' | 'AccountChanged' | 'AccountConfirmationRequested';

/** Mails with a link to another password, and what each is with a code in the link's place. WSO2's names. */
const mailsOfCodes = {
  passwordreset: 'passwordresetotp',
  resendPasswordReset: 'passwordresetotp',
  adminforcedpasswordreset: 'adminforcedpasswordresetwithotp',
  resendAdminForcedPasswordReset: 'resendAdminForcedPasswordResetWithOTP',
  // Whoever has no password yet gets a link in any case.
  askPassword: 'askPassword',
  resendAskPassword: 'resendAskPassword',
} as const;

export type PasswordMail = keyof typeof mailsOfCodes;

/** Of My Account, to which a mail leads. */
type AccountPage = 'reset' | 'signin' | 'confirm' | 'confirm/address';

/** WSO2's names for what is mailed to confirm something. */
export type ConfirmationMail = 'accountconfirmation' | 'emailconfirm' | 'resendaccountconfirmation' | 'verifyEmailOnUpdate' | 'resendVerifyEmailOnUpdate';

const changeTemplates = { password: 'passwordchanged', address: 'notifyOnExistingEmailUpdateWithoutVerification', 'address-requested': 'notifyOnExistingEmailUpdate', confirmed: 'selfSignUpSuccess' } as const;

export interface RecoveryEventsOptions {
  /** Where a tenant's My Account is: a link is its reset page with the key in the fragment. */
  readonly myAccountOf: (tenantDomain: string) => string;
  readonly defaultLocale: string;
}

/** Builds the recovery service's own events as outbox entries. */
export class RecoveryEvents {
  constructor(
    private readonly writer: EventWriter,
    private readonly options: RecoveryEventsOptions,
  ) {}

  passwordRecoveryRequested(
    account: Account,
    recovery: Pick<IssuedKey, 'recoveryId' | 'scenario' | 'generation' | 'sealedSecret' | 'secretKind' | 'expiresAt' | 'callback'> & { now: Date; templateType: PasswordMail; clientAddress?: string | undefined },
  ): OutboxEntry {
    const { recoveryId, scenario, generation, sealedSecret, secretKind, now, expiresAt, callback, clientAddress } = recovery;
    const templateType = secretKind === 'code' ? mailsOfCodes[recovery.templateType] : recovery.templateType;
    const event = this.writer.event('PasswordRecoveryRequested', account.user.id, {
      recoveryId,
      generation,
      scenario,
      ...this.askedMail(account, 'reset', now, expiresAt, clientAddress),
      sealedSecret,
      ...(secretKind === 'code' ? { secretKind } : {}),
      ...(callback === null ? {} : { callback }),
      templateType,
      properties: {},
    }, originAt(now));
    return this.entry(event, expiresAt, true);
  }

  usernameRecoveryRequested(account: Account, { now, expiresAt, clientAddress }: { now: Date; expiresAt: Date; clientAddress?: string | undefined }): OutboxEntry {
    const event = this.writer.event('UsernameRecoveryRequested', account.user.id, {
      ...this.askedMail(account, 'signin', now, expiresAt, clientAddress),
      templateType: 'accountidrecovery',
    }, originAt(now));
    return this.entry(event, expiresAt, true);
  }

  accountConfirmationRequested(
    account: Account,
    { recoveryId, scenario, sealedSecret, now, expiresAt, callback, templateType, clientAddress }: Pick<IssuedKey, 'recoveryId' | 'scenario' | 'sealedSecret' | 'expiresAt' | 'callback'> & { now: Date; templateType: ConfirmationMail; clientAddress?: string | undefined },
  ): OutboxEntry {
    const event = this.writer.event('AccountConfirmationRequested', account.user.id, {
      recoveryId,
      scenario,
      ...this.askedMail(account, scenario === 'EMAIL_VERIFICATION_ON_UPDATE' ? 'confirm/address' : 'confirm', now, expiresAt, clientAddress),
      sealedSecret,
      ...(callback === null ? {} : { callback }),
      templateType,
      properties: {},
    }, originAt(now));
    return this.entry(event, expiresAt, true);
  }

  /** @param notify whether the person is told; without that the event only cancels what is still pending */
  passwordRecovered(account: Account, recovery: Pick<KeyHolder, 'recoveryId' | 'scenario' | 'generation' | 'now'> & { notify: boolean; clientAddress: string | undefined }): OutboxEntry {
    const address = recovery.notify ? addressOf(account) : null;
    const expiresAt = new Date(recovery.now.getTime() + noticeValidityMs);
    const event = this.writer.event('PasswordRecovered', account.user.id, {
      recoveryId: recovery.recoveryId,
      generation: recovery.generation,
      scenario: recovery.scenario,
      user: named(account.user),
      channel: 'EMAIL',
      recipient: address === null ? null : recipientOf(account, address, this.options.defaultLocale),
      linkBase: this.pageOf(account, 'reset'),
      templateType: 'passwordresetsucess',
      recoveredAt: recovery.now.toISOString(),
      ...(recovery.clientAddress === undefined ? {} : { clientAddress: recovery.clientAddress }),
      expiresAt: expiresAt.toISOString(),
    }, originAt(recovery.now));
    return this.entry(event, expiresAt, address !== null);
  }

  accountLocked(account: Account, { reason, at, until }: { reason: EventData<'AccountLocked'>['reason']; at: Date; until: Date | null }): OutboxEntry {
    const notice = this.noticeOf(account, at);
    const event = this.writer.event('AccountLocked', account.user.id, { ...notice, templateType: lockTemplate(reason, until), reason, lockedAt: at.toISOString(), unlocksAt: until?.toISOString() ?? null }, originAt(at));
    return this.entry(event, new Date(notice.expiresAt), notice.recipient !== null);
  }

  accountUnlocked(account: Account, { reason, at }: { reason: EventData<'AccountUnlocked'>['reason']; at: Date }): OutboxEntry {
    const notice = this.noticeOf(account, at);
    const event = this.writer.event('AccountUnlocked', account.user.id, { ...notice, templateType: 'accountunlock', reason, unlockedAt: at.toISOString() }, originAt(at));
    return this.entry(event, new Date(notice.expiresAt), notice.recipient !== null);
  }

  /** @param address of before the change */
  accountChanged(account: Account, address: string, { change, at, clientAddress }: { change: EventData<'AccountChanged'>['change']; at: Date; clientAddress?: string | undefined }): OutboxEntry {
    const notice = { ...this.noticeOf(account, at), recipient: recipientOf(account, address, this.options.defaultLocale), linkBase: this.pageOf(account, change === 'confirmed' ? 'signin' : 'reset') };
    const event = this.writer.event('AccountChanged', account.user.id, { ...notice, templateType: changeTemplates[change], change, changedAt: at.toISOString(), ...(clientAddress === undefined ? {} : { clientAddress }) }, originAt(at));
    return this.entry(event, new Date(notice.expiresAt), true);
  }

  /** Cancels what is still pending of a person's keys up to this generation. */
  recoveryVoided(user: User, voided: { generation: number; now: Date }, reason: EventData<'RecoveryVoided'>['reason']): OutboxEntry {
    const event = this.writer.event('RecoveryVoided', user.id, { user: named(user), generation: voided.generation, reason, voidedAt: voided.now.toISOString() }, originAt(voided.now));
    return this.entry(event, null, false);
  }

  private pageOf({ user }: Account, page: AccountPage): string {
    return `${this.options.myAccountOf(user.tenantDomain)}/${page}`;
  }

  /** What every mail has in common that somebody has asked for; a decoy's goes nowhere. @param clientAddress of the person, where nobody else asked for them */
  private askedMail(account: Account, page: AccountPage, now: Date, expiresAt: Date, clientAddress: string | undefined) {
    return {
      user: named(account.user),
      channel: 'EMAIL',
      recipient: recipientOf(account, addressOf(account) ?? 'nobody@invalid', this.options.defaultLocale),
      linkBase: this.pageOf(account, page),
      ...(clientAddress === undefined ? {} : { clientAddress }),
      requestedAt: now.toISOString(),
      expiresAt: expiresAt.toISOString(),
    } as const;
  }

  private noticeOf(account: Account, at: Date) {
    const address = addressOf(account);
    return {
      user: named(account.user),
      channel: 'EMAIL',
      recipient: address === null ? null : recipientOf(account, address, this.options.defaultLocale),
      linkBase: this.pageOf(account, 'reset'),
      expiresAt: new Date(at.getTime() + noticeValidityMs).toISOString(),
    } as const;
  }

  private entry<T extends OwnEvent>(event: RecoveryEventOf<T>, expiresAt: Date | null, awaitsOutcome: boolean): OutboxEntry {
    return { id: event.id, topic: topics.recovery, record: this.writer.record(event), expiresAt: expiresAt?.toISOString() ?? null, awaitsOutcome };
  }
}

/** When it was, and within which trace. */
function originAt(at: Date): { readonly time: string; readonly traceparent?: string } {
  const traceparent = currentTraceparent();
  return { time: at.toISOString(), ...(traceparent === undefined ? {} : { traceparent }) };
}

/** The name and id of a user, and nothing else of what an object may carry. */
function named({ id, username, realm, tenantDomain }: User) {
  return { id, username, realm, tenantDomain };
}

/** WSO2's names: what a person can do about a lock differs. */
function lockTemplate(reason: EventData<'AccountLocked'>['reason'], until: Date | null): string {
  if (reason === 'administrator') return 'accountlockadmin';
  return until === null ? 'accountlock' : 'accountlockfailedattempt';
}
