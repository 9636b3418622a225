import type { EventData, SecretSealer } from '@rekey/events';
import { addressClaim, type ConnectorSettings, type ResetWay, type UserManager } from '@rekey/governance';
import type { User } from '@rekey/identity';
import { appendToOutbox, type OutboxEntry, type SqlExecutor } from '@rekey/messaging';
import type { ConfirmationMails } from '../rate-limit/confirmation-mails.ts';
import { addressOf, type Account } from './account.ts';
import { databaseNow } from './database-now.ts';
import { issueHeldKey } from './held-key.ts';
import { voidKey } from './key-statements.ts';
import { nextCode, nextKey } from './next-key.ts';
import { newOneTimeCode, type OneTimeCodes } from './one-time-codes.ts';
import type { RecoveryEvents } from './recovery-events.ts';
import type { IssuedKey, RecoveryMoment } from './recovery-statements.ts';

export interface AccountChangesParts {
  readonly users: UserManager;
  readonly settings: ConnectorSettings;
  readonly sealer: SecretSealer;
  readonly events: RecoveryEvents;
  readonly oneTimeCodes: OneTimeCodes;
  readonly confirmationMails: ConfirmationMails;
}

/** What a change of an account means for recovery keys and mails, in the transaction that makes the change (S22). */
export function followAccountChanges(parts: AccountChangesParts): void {
  const { users, events } = parts;
  users.onAccountChanged(async (tx, user, change) => {
    switch (change.kind) {
      case 'password-changed':
        await voidLiveKey(parts, tx, user, change.kind);
        // Whoever had the old password may have asked for another address.
        await voidKey(tx, user.id, 'address');
        // A recovery tells of itself.
        return change.by === 'user' ? notify(parts, tx, { user, claims: change.claims }, 'password', change.clientAddress) : undefined;
      case 'address-changed':
        await voidConfirmations(tx, user);
        await voidLiveKey(parts, tx, user, change.kind);
        return notify(parts, tx, { user, claims: change.claims }, 'address');
      case 'address-requested':
        return askToConfirmAddress(parts, tx, { user, claims: change.claims }, change.address);
      case 'account-disabled':
      case 'account-locked':
      case 'user-deleted':
        await voidConfirmations(tx, user);
        return voidLiveKey(parts, tx, user, change.kind);
      case 'role-granted':
        return voidLiveKey(parts, tx, user, change.kind);
      case 'reset-forced':
        await voidLiveKey(parts, tx, user, 'forced-by-admin');
        return issueForcedKey(parts, tx, { user, claims: change.claims }, change.way);
      case 'locked':
        return publish(tx, events.accountLocked({ user, claims: change.claims }, change));
      case 'unlocked':
        return publish(tx, events.accountUnlocked({ user, claims: change.claims }, change));
    }
  });
}

/** Tells the person, at the address of before: one who has changed it may not be the person (S33). */
async function notify({ events }: AccountChangesParts, tx: SqlExecutor, account: Account, change: EventData<'AccountChanged'>['change'], clientAddress?: string): Promise<void> {
  const address = addressOf(account);
  const at = await databaseNow(tx);
  if (address !== null) await publish(tx, events.accountChanged(account, address, { change, at, clientAddress }));
}

/** Who commits the transaction knows nothing of events: the database wakes the relays once it has. */
async function publish(tx: SqlExecutor, event: OutboxEntry): Promise<void> {
  await appendToOutbox(tx, [event]);
  await wakeRelays(tx);
}

/** For `Database.listen`. */
export const wakeChannel = 'outbox';

async function wakeRelays(tx: SqlExecutor): Promise<void> {
  await tx.query(`SELECT pg_notify($1, '')`, [wakeChannel]);
}

async function voidLiveKey({ events }: AccountChangesParts, tx: SqlExecutor, user: User, reason: EventData<'RecoveryVoided'>['reason']): Promise<void> {
  const voided = await voidKey(tx, user.id, 'password');
  if (voided) await publish(tx, events.recoveryVoided(user, voided, reason));
}

/** An account is confirmed at the address that was mailed, as another address is, and by nobody who may not use it. */
async function voidConfirmations(tx: SqlExecutor, user: User): Promise<void> {
  await voidKey(tx, user.id, 'sign-up');
  await voidKey(tx, user.id, 'address');
}

/** The new address gets the link, and the old one is told of it. Beyond the mails that the new one may get in an hour, or the changes of the account, the key waits for whoever asks for it again. */
async function askToConfirmAddress(parts: AccountChangesParts, tx: SqlExecutor, account: Account, address: string): Promise<void> {
  const { settings, sealer, events, confirmationMails } = parts;
  const { verificationMinutes, notifyExisting } = await settings.within(tx).userClaimUpdate(account.user.tenantDomain);
  const renewed: Account = { user: account.user, claims: { ...account.claims, [addressClaim]: address } };
  const hasChangesLeft = await confirmationMails.countChange(tx, account.user.id);
  const mayMail = hasChangesLeft && (await confirmationMails.count(tx, address));
  await issueHeldKey(tx, account.user.id, 'address', (moment) => nextKey(sealer, moment, 'EMAIL_VERIFICATION_ON_UPDATE', verificationMinutes).issued, mayMail ? (issued) => events.accountConfirmationRequested(renewed, { ...issued, now: issued.issuedAt, templateType: 'verifyEmailOnUpdate' }) : null);
  if (notifyExisting && hasChangesLeft) await notify(parts, tx, account, 'address-requested');
  await wakeRelays(tx);
}

/** Without an address, or a way that the tenant allows, there is no mail: the person asks for a link. Where both are allowed it is a link, as in WSO2. */
async function issueForcedKey({ settings, sealer, events, oneTimeCodes }: AccountChangesParts, tx: SqlExecutor, account: Account, wanted: ResetWay | null): Promise<void> {
  const { byLink, byOtp, validityMinutes } = await settings.within(tx).adminForcedPasswordReset(account.user.tenantDomain);
  const allowed = [...(byLink ? ['link' as const] : []), ...(byOtp ? ['otp' as const] : [])];
  const way = allowed.find((each) => wanted === null || each === wanted);
  if (addressOf(account) === null || way === undefined) return;
  const codeForm = await settings.within(tx).accountRecovery(account.user.tenantDomain);
  const next = (moment: RecoveryMoment): IssuedKey =>
    way === 'link' ? nextKey(sealer, moment, 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', validityMinutes).issued : nextCode(sealer, moment, 'ADMIN_FORCED_PASSWORD_RESET_VIA_OTP', validityMinutes, newOneTimeCode(codeForm), (recoveryId, code) => oneTimeCodes.hashOf(recoveryId, code));
  await issueHeldKey(tx, account.user.id, 'password', next, (issued) =>
    events.passwordRecoveryRequested(account, { ...issued, now: issued.issuedAt, templateType: 'adminforcedpasswordreset' }));
  await wakeRelays(tx);
}
