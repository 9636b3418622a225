import type { EventData, EventType } from './event-data.ts';

const user = { id: '6f1c2e9a-3b57-4d0e-9a55-0d6a4c1e7b21', username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' };
const recipient = { address: 'kim@example.com', locale: 'en_US', claims: { givenname: 'Kim' } };
const recoveryId = 'b3d0f7c4-5a52-4f0b-8d0e-0b8f8a3f9c11';
/** In the shape of the real thing, sealed to nobody. */
const sealedSecret = 'eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA';
const channel = 'EMAIL';
const [linkBase, signInPage] = ['https://portal.example.com/reset', 'https://portal.example.com/signin'];
const [at, inAnHour, tomorrow, inThreeDays] = ['2026-11-25T10:00:00Z', '2026-11-25T11:00:00Z', '2026-11-26T10:00:00Z', '2026-11-28T10:00:00Z'];
const outcome = { eventId: '0d7f3a52-9d3e-4a43-8d7b-0f2f6f1f8e55', eventType: 'PasswordRecoveryRequested', userId: user.id, tenantDomain: user.tenantDomain, generation: 1, at: '2026-11-25T10:00:02Z' };

/** Data of each type, as the documents show it. */
export const eventExamples: { readonly [T in EventType]: EventData<T> } = {
  PasswordRecoveryRequested: { recoveryId, generation: 1, scenario: 'NOTIFICATION_BASED_PW_RECOVERY', user, channel, recipient, sealedSecret, linkBase, callback: 'https://portal.example.com/done', clientAddress: '192.0.2.7', templateType: 'passwordreset', requestedAt: at, expiresAt: inAnHour, properties: {} },
  UsernameRecoveryRequested: { user, channel, recipient, linkBase: signInPage, clientAddress: '192.0.2.7', templateType: 'accountidrecovery', requestedAt: at, expiresAt: tomorrow },
  PasswordRecovered: { recoveryId, generation: 1, scenario: 'NOTIFICATION_BASED_PW_RECOVERY', user, channel, recipient, linkBase, templateType: 'passwordresetsucess', recoveredAt: at, clientAddress: '192.0.2.7', expiresAt: inThreeDays },
  RecoveryVoided: { user, generation: 1, reason: 'password-changed', voidedAt: at },
  AccountLocked: { user, channel, recipient, linkBase, templateType: 'accountlockfailedattempt', reason: 'failed-attempts', lockedAt: at, unlocksAt: '2026-11-25T10:05:00Z', expiresAt: inThreeDays },
  AccountUnlocked: { user, channel, recipient, linkBase, templateType: 'accountunlock', reason: 'time', unlockedAt: at, expiresAt: inThreeDays },
  AccountChanged: { user, channel, recipient, linkBase, templateType: 'passwordchanged', change: 'password', changedAt: at, clientAddress: '192.0.2.7', expiresAt: inThreeDays },
  AccountConfirmationRequested: { recoveryId, scenario: 'SELF_SIGN_UP', user, channel, recipient, sealedSecret, linkBase: 'https://portal.example.com/confirm', clientAddress: '192.0.2.7', templateType: 'accountconfirmation', requestedAt: at, expiresAt: tomorrow, properties: {} },
  NotificationSent: { ...outcome, messageId: '<0d7f3a52@id.example.com>', attempts: 1, detail: '250 2.0.0 Ok: queued as 4F2B81' },
  NotificationFailed: { ...outcome, messageId: '<0d7f3a52@id.example.com>', attempts: 1, detail: '550 5.1.1 no such user' },
  NotificationExpired: { ...outcome, messageId: '<0d7f3a52@id.example.com>', attempts: 0, detail: 'the link was about to expire, or had' },
  NotificationSuperseded: { ...outcome, messageId: '<0d7f3a52@id.example.com>', attempts: 0, detail: 'a newer mail takes its place' },
};
