import { randomUUID } from 'node:crypto';
import type { EventData, EventType } from './event-data.ts';

/** What other services may say. What came of a mail, only the notification service does. */
export type PublishableType = Exclude<EventType, `Notification${string}`>;

/** An event to be: the functions below make them, an `EventPublisher` seals, signs and sends them. */
export interface Publication<T extends PublishableType> {
  readonly type: T;
  /** @param seal gives the secret as a JWE that is bound to the recovery */
  readonly data: (seal: (secret: string, recoveryId: string) => string) => EventData<T>;
}

/** The data of a type, of which these fields need not be said. */
type Given<T extends PublishableType, Defaulted extends keyof EventData<T>> = Omit<EventData<T>, Defaulted | 'channel'> & Partial<Pick<EventData<T>, Defaulted>>;

/** With the secret in the clear in the place of the sealed one. It leaves the process sealed. */
type WithSecret<Data> = Omit<Data, 'sealedSecret'> & { readonly secret: string };

const channel = 'EMAIL';

/**
 * A link to a new password: `linkBase` with `#key=<secret>` behind it.
 * @param given.secret that your own service will know again, at best 256 random bits in base64url; keep its hash alone
 * @param given.generation higher with each one of the same user: an older one that still waits is not mailed
 */
export function passwordRecoveryRequested({ secret, ...given }: WithSecret<Given<'PasswordRecoveryRequested', 'recoveryId' | 'scenario' | 'templateType' | 'requestedAt' | 'properties'>>): Publication<'PasswordRecoveryRequested'> {
  const data = { recoveryId: randomUUID(), scenario: 'NOTIFICATION_BASED_PW_RECOVERY', channel, templateType: 'passwordreset', requestedAt: now(), properties: {}, ...given } as const;
  return { type: 'PasswordRecoveryRequested', data: (seal) => ({ ...data, sealedSecret: seal(secret, data.recoveryId) }) };
}

/** A link by which somebody proves the address of a new account. */
export function accountConfirmationRequested({ secret, ...given }: WithSecret<Given<'AccountConfirmationRequested', 'recoveryId' | 'scenario' | 'templateType' | 'requestedAt' | 'properties'>>): Publication<'AccountConfirmationRequested'> {
  const data = { recoveryId: randomUUID(), scenario: 'SELF_SIGN_UP', channel, templateType: 'accountconfirmation', requestedAt: now(), properties: {}, ...given } as const;
  return { type: 'AccountConfirmationRequested', data: (seal) => ({ ...data, sealedSecret: seal(secret, data.recoveryId) }) };
}

/** The name of an account, to its address. */
export function usernameRecoveryRequested(given: Given<'UsernameRecoveryRequested', 'templateType' | 'requestedAt'>): Publication<'UsernameRecoveryRequested'> {
  return publication('UsernameRecoveryRequested', { channel, templateType: 'accountidrecovery', requestedAt: now(), ...given });
}

/** A password was set by this recovery: what still waits of its links is cancelled, and the person is told where `recipient` is not null. */
export function passwordRecovered(given: Given<'PasswordRecovered', 'scenario' | 'templateType' | 'recoveredAt'>): Publication<'PasswordRecovered'> {
  return publication('PasswordRecovered', { scenario: 'NOTIFICATION_BASED_PW_RECOVERY', channel, templateType: 'passwordresetsucess', recoveredAt: now(), ...given });
}

/** The links up to this generation are void: what still waits of them is not mailed. */
export function recoveryVoided(given: Omit<EventData<'RecoveryVoided'>, 'voidedAt'> & { readonly voidedAt?: string }): Publication<'RecoveryVoided'> {
  return publication('RecoveryVoided', { voidedAt: now(), ...given });
}

export function accountLocked(given: Given<'AccountLocked', 'templateType' | 'lockedAt'>): Publication<'AccountLocked'> {
  return publication('AccountLocked', { channel, templateType: given.reason === 'administrator' ? 'accountlockadmin' : 'accountlock', lockedAt: now(), ...given });
}

export function accountUnlocked(given: Given<'AccountUnlocked', 'templateType' | 'unlockedAt'>): Publication<'AccountUnlocked'> {
  return publication('AccountUnlocked', { channel, templateType: 'accountunlock', unlockedAt: now(), ...given });
}

/** A change that is no recovery, told to where the person was reached before it. */
export function accountChanged(given: Given<'AccountChanged', 'changedAt'>): Publication<'AccountChanged'> {
  return publication('AccountChanged', { channel, changedAt: now(), ...given });
}

function publication<T extends PublishableType>(type: T, data: EventData<T>): Publication<T> {
  return { type, data: () => data };
}

function now(): string {
  return new Date().toISOString();
}
