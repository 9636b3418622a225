import type { AccountLockingSettings } from './tables/account-locking.ts';
import type { AdminForcedResetSettings } from './tables/admin-forced-reset.ts';
import type { BounceWebhookSettings } from './tables/bounce-webhooks.ts';
import type { CaptchaSettings } from './tables/captcha.ts';
import type { ClaimUpdateSettings } from './tables/claim-update.ts';
import type { DatabaseSettings } from './tables/database.ts';
import type { DefaultListenerName, ListenerSettings } from './tables/default-listeners.ts';
import type { DeliverySettings } from './tables/delivery.ts';
import type { EmailSettings } from './tables/email.ts';
import type { WebhookSettings } from './tables/event-webhooks.ts';
import type { CustomHandlerSettings, CustomListenerSettings, DefaultHandlerName, HandlerSettings } from './tables/extensions.ts';
import type { KafkaSettings } from './tables/kafka.ts';
import type { KeySettings } from './tables/keys.ts';
import type { PasswordHashingSettings } from './tables/password-hashing.ts';
import type { PasswordHistorySettings } from './tables/password-history.ts';
import type { PasswordPolicySettings } from './tables/password-policy.ts';
import type { AccountRecoveryApiSettings, PasswordRecoverySettings } from './tables/password-recovery.ts';
import type { PasswordUpdateSettings } from './tables/password-update.ts';
import type { RateLimitSettings } from './tables/rate-limit.ts';
import type { SelfRegistrationSettings } from './tables/self-registration.ts';
import type { ServerSettings } from './tables/server.ts';
import type { UserOnboardingSettings } from './tables/user-onboarding.ts';
import type { UsernameRecoverySettings } from './tables/username-recovery.ts';

/** The one typed, validated, immutable view of `deployment.toml`. Section and key names in the file are WSO2's where WSO2 has them. */
export interface DeploymentConfig {
  readonly server: ServerSettings;
  readonly superAdmin: { readonly username: string; readonly password: string };
  /** `[database.identity_db]`: the recovery service's database. */
  readonly identityDatabase: DatabaseSettings | null;
  /** `[database.notification_db]`: the notification service's database. */
  readonly notificationDatabase: DatabaseSettings | null;
  /** `[kafka]`; null where the transport is embedded. */
  readonly kafka: KafkaSettings | null;
  /** Where traces go, by OTLP over HTTP; null: nowhere, and none are made. */
  readonly telemetry: { readonly otlpEndpoint: string | null };
  /** `[output_adapter.email]`; null where no relay is configured. */
  readonly email: EmailSettings | null;
  /** `[event.default_listener.<name>]` */
  readonly listeners: Readonly<Record<DefaultListenerName, ListenerSettings>>;
  /** `event.default_listener.governance_identity_store.enable_hybrid_data_store`: identity claims found in the user store count where the identity data store has none. */
  readonly hybridDataStore: boolean;
  /** `[[event_listener]]` with a `module`: listeners of third parties. */
  readonly customListeners: readonly CustomListenerSettings[];
  /** `[[event_handler]]` with a `module`: identity event handlers of third parties. */
  readonly customHandlers: readonly CustomHandlerSettings[];
  /** `[[event_handler]]` with the name of a built-in handler: what the file says of it. */
  readonly handlers: Readonly<Partial<Record<DefaultHandlerName, HandlerSettings>>>;
  readonly passwordRecovery: PasswordRecoverySettings;
  /** `/api/users/v1` and `v2`. */
  readonly accountRecoveryApi: AccountRecoveryApiSettings;
  readonly usernameRecovery: UsernameRecoverySettings;
  readonly selfRegistration: SelfRegistrationSettings;
  readonly userOnboarding: UserOnboardingSettings;
  readonly claimUpdate: ClaimUpdateSettings;
  readonly adminForcedReset: AdminForcedResetSettings;
  readonly passwordUpdate: PasswordUpdateSettings;
  readonly passwordPolicy: PasswordPolicySettings;
  readonly passwordHistory: PasswordHistorySettings;
  readonly accountLocking: AccountLockingSettings;
  readonly passwordHashing: PasswordHashingSettings;
  readonly rateLimit: RateLimitSettings;
  readonly captcha: CaptchaSettings;
  readonly delivery: DeliverySettings;
  readonly keys: KeySettings;
  /** `[[event_webhook]]`: whom the notification service tells by HTTP what came of mails. */
  readonly webhooks: readonly WebhookSettings[];
  /** `[[bounce_webhook]]`: by which providers tell the recovery service of mails that came back. */
  readonly bounceWebhooks: readonly BounceWebhookSettings[];
}
