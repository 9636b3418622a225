import type { JsonWebKey } from 'node:crypto';
import { missingSetting, type DatabaseSettings, type DeliverySettings, type DeploymentConfig, type EmailSettings, type WebhookSettings } from '@rekey/deployment-config';
import type { SecretOpener, TrustedPublisher } from '@rekey/events';

type SealingKeys = Parameters<typeof SecretOpener.from>[0];

/** What this service needs of the deployment's configuration; nothing of it is missing any more. */
export interface NotificationServiceSettings {
  readonly database: DatabaseSettings;
  readonly email: EmailSettings;
  readonly delivery: DeliverySettings;
  readonly sealingPrivateKeys: SealingKeys;
  /** Whether it is an Ed25519 key is found out when it is imported. */
  readonly signingPrivateKey: SigningKey;
  readonly publishers: readonly TrustedPublisher[];
  readonly webhooks: readonly WebhookSettings[];
  readonly listenAddress: string;
  /** Where the links of the deployment lead. */
  readonly baseUrl: string;
}

type SigningKey = JsonWebKey & { kid: string };

/** @throws MissingSettingError naming the first section that is missing */
export function notificationServiceSettings({ notificationDatabase, email, delivery, keys, webhooks, server }: DeploymentConfig): NotificationServiceSettings {
  return {
    database: notificationDatabase ?? missingSetting('[database.notification_db]', 'the notification service keeps its inbox there'),
    email: email ?? missingSetting('[output_adapter.email]', 'the mail relay to send by'),
    delivery,
    sealingPrivateKeys: keys.sealingPrivateKeys.length > 0 ? keys.sealingPrivateKeys : missingSetting('[keys.sealing] private_keys', 'without it no link in an event can be opened (npm run rekey -- keys new makes keys)'),
    signingPrivateKey: keys.signingPrivateKey ?? missingSetting('[keys.signing] private_key', 'this service signs the events it publishes (npm run rekey -- keys new makes keys)'),
    publishers: keys.publishers.length > 0 ? keys.publishers : missingSetting('[[event_publisher]]', 'events of unlisted publishers are not believed, so no mail would ever be sent'),
    webhooks,
    listenAddress: server.listenAddress,
    baseUrl: server.baseUrl,
  };
}
