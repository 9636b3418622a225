import type { DeploymentConfig } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import type { DeploymentToml } from './schema.ts';
import { accountLockingSettings } from './tables/account-locking.ts';
import { adminForcedResetSettings } from './tables/admin-forced-reset.ts';
import { bounceWebhookSettings } from './tables/bounce-webhooks.ts';
import { captchaSettings } from './tables/captcha.ts';
import { claimUpdateSettings } from './tables/claim-update.ts';
import { databaseSettings } from './tables/database.ts';
import { defaultListeners } from './tables/default-listeners.ts';
import { deliverySettings } from './tables/delivery.ts';
import { emailSettings } from './tables/email.ts';
import { eventWebhookSettings } from './tables/event-webhooks.ts';
import { extensionSettings } from './tables/extensions.ts';
import { kafkaSettings } from './tables/kafka.ts';
import { keySettings } from './tables/keys.ts';
import { passwordHashingSettings } from './tables/password-hashing.ts';
import { passwordPolicySettings } from './tables/password-policy.ts';
import { accountRecoveryApiSettings, passwordRecoverySettings } from './tables/password-recovery.ts';
import { passwordUpdateSettings } from './tables/password-update.ts';
import { rateLimitSettings } from './tables/rate-limit.ts';
import { selfRegistrationSettings } from './tables/self-registration.ts';
import { serverSettings } from './tables/server.ts';
import { userOnboardingSettings } from './tables/user-onboarding.ts';
import { usernameRecoverySettings } from './tables/username-recovery.ts';

/** The file's keys as the services know them. @throws DeploymentConfigError where keys contradict each other or are dangerous */
export function toDeploymentConfig(toml: DeploymentToml, layers: DeploymentLayers): DeploymentConfig {
  const { identity_mgt: identity } = toml;
  const server = serverSettings(toml.server, toml.transport, layers);
  const listeners = defaultListeners(toml.event.default_listener);
  return {
    server,
    superAdmin: toml.super_admin,
    identityDatabase: databaseSettings(toml.database.identity_db),
    notificationDatabase: databaseSettings(toml.database.notification_db),
    kafka: kafkaSettings(toml.kafka),
    telemetry: { otlpEndpoint: toml.telemetry.otlp_endpoint ?? null },
    email: emailSettings(toml.output_adapter.email, toml.delivery.concurrency, layers),
    listeners,
    hybridDataStore: toml.event.default_listener.governance_identity_store.enable_hybrid_data_store,
    ...extensionSettings(toml, listeners, layers),
    passwordRecovery: passwordRecoverySettings(identity, server, layers),
    accountRecoveryApi: accountRecoveryApiSettings(identity),
    usernameRecovery: usernameRecoverySettings(identity.username_recovery),
    selfRegistration: selfRegistrationSettings(identity.user_self_registration),
    userOnboarding: userOnboardingSettings(identity.user_onboarding),
    claimUpdate: claimUpdateSettings(identity.user_claim_update),
    adminForcedReset: adminForcedResetSettings(identity.password_reset_by_admin),
    passwordUpdate: passwordUpdateSettings(identity.password_update),
    passwordPolicy: passwordPolicySettings(identity.password_policy, layers),
    passwordHistory: identity.password_history,
    accountLocking: accountLockingSettings(identity.account_locking),
    passwordHashing: passwordHashingSettings(toml.password_hashing),
    rateLimit: rateLimitSettings(toml.rate_limit),
    captcha: captchaSettings(toml.captcha, layers),
    delivery: deliverySettings(toml.delivery),
    keys: keySettings(toml.keys, toml.event_publisher, layers),
    webhooks: eventWebhookSettings(toml.event_webhook, layers),
    bounceWebhooks: bounceWebhookSettings(toml.bounce_webhook, layers),
  };
}
