import { eventDataSchemas, type SecretOpener } from '@rekey/events';
import type { MailRequest } from '../template/mail-composer.ts';
import { templateTest, testRequest } from '../template/test-request.ts';
import type { ClaimedDelivery } from './delivery.ts';

/**
 * What the mail of a claimed row is to say. The recovery key is opened here, for this one rendering, and is kept nowhere.
 * @throws SealedSecretError where no key of this service opens it
 */
export async function mailRequestOf({ eventId, eventType, createdAt, expiresAt, data }: ClaimedDelivery, secrets: SecretOpener): Promise<MailRequest> {
  switch (eventType) {
    case 'PasswordRecoveryRequested':
    case 'AccountConfirmationRequested': {
      const request = eventDataSchemas[eventType].parse(data);
      const { recoveryId, sealedSecret, linkBase, templateType, recipient, user, properties } = request;
      const confirmationCode = await secrets.open(sealedSecret, recoveryId);
      // In the fragment it reaches no server log, no Referer and no link scanner.
      const link = 'secretKind' in request && request.secretKind === 'code' ? null : `${linkBase}#key=${confirmationCode}`;
      return { eventId, createdAt, expiresAt, templateType, recipient, user, properties, link, confirmationCode, callback: request.callback ?? null, clientAddress: request.clientAddress ?? null, lockedUntil: null };
    }
    case 'UsernameRecoveryRequested':
    case 'PasswordRecovered':
    case 'AccountLocked':
    case 'AccountUnlocked':
    case 'AccountChanged': {
      const { linkBase, templateType, recipient, user, ...more } = eventDataSchemas[eventType].parse(data);
      if (recipient === null) throw new Error('the event names nobody to write to');
      const clientAddress = ('clientAddress' in more && more.clientAddress) || null;
      const lockedUntil = 'unlocksAt' in more && more.unlocksAt !== null ? new Date(more.unlocksAt) : null;
      return { eventId, createdAt, expiresAt, templateType, recipient, user, properties: {}, link: linkBase, confirmationCode: null, callback: null, clientAddress, lockedUntil };
    }
    case templateTest:
      return testRequest({ eventId, createdAt, expiresAt, data });
    default:
      throw new Error(`no mail is known for a ${eventType}`);
  }
}
