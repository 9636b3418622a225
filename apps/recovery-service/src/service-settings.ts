import { missingSetting, type DatabaseSettings, type DeploymentConfig } from '@rekey/deployment-config';

type Keys = DeploymentConfig['keys'];

/** What this service cannot do without; nothing of it is missing any more. */
export interface RecoveryServiceSettings {
  readonly database: DatabaseSettings;
  readonly sealingPublicKey: NonNullable<Keys['sealingPublicKey']>;
  readonly signingPrivateKey: NonNullable<Keys['signingPrivateKey']>;
}

/** @throws MissingSettingError naming the first that is missing */
export function recoveryServiceSettings({ identityDatabase, keys }: DeploymentConfig): RecoveryServiceSettings {
  return {
    database: identityDatabase ?? missingSetting('[database.identity_db]', 'the recovery service keeps users and recoveries there'),
    sealingPublicKey: keys.sealingPublicKey ?? missingSetting('[keys.sealing] public_key', 'keys in links travel sealed to the notification service (npm run rekey -- keys new makes keys)'),
    signingPrivateKey: keys.signingPrivateKey ?? missingSetting('[keys.signing] private_key', 'this service signs the events it publishes (npm run rekey -- keys new makes keys)'),
  };
}
