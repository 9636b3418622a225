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
  /** `[password_hashing]` (Rekey's): argon2id. */
  readonly passwordHashing: PasswordHashingSettings;
  readonly rateLimit: RateLimitSettings;
  readonly captcha: CaptchaSettings;
  /** `[delivery]` of the notification service. */
  readonly delivery: DeliverySettings;
  readonly keys: KeySettings;
  /** `[[event_webhook]]`: whom the notification service tells by HTTP what came of mails. */
  readonly webhooks: readonly WebhookSettings[];
  /** `[[bounce_webhook]]`: by which providers tell the recovery service of mails that came back. */
  readonly bounceWebhooks: readonly BounceWebhookSettings[];
}

export interface ServerSettings {
  /** `server.hostname` (default `localhost`). */
  readonly hostname: string;
  /** `server.offset` (default 0): added to every port. */
  readonly offset: number;
  /** `server.base_path`: the public origin (and path) every link is built from, without a trailing slash; default `https://<hostname>:<9443 + offset>`. Never the request's Host. */
  readonly baseUrl: string;
  /** `server.listen_address`: default `127.0.0.1`. */
  readonly listenAddress: string;
  /** `transport.https.properties.port` (default 9443) + offset. */
  readonly httpsPort: number;
  /** `transport.http.properties.port` (default 9763) + offset; always on loopback. */
  readonly httpPort: number;
  /** `server.notification_services` (Rekey's): origins at which the recovery service asks for mail templates, each tried in turn; default the one of this machine, `http://127.0.0.1:<9600 + offset>`. */
  readonly notificationServices: readonly string[];
  /** `server.trusted_proxies` (Rekey's): addresses and CIDR ranges whose `X-Forwarded-For` tells the client's address; default none. */
  readonly trustedProxies: readonly string[];
}

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  readonly poolSize: number;
  readonly ssl: boolean;
}

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly sessionTimeoutSeconds: number;
  readonly ssl: boolean;
  readonly sasl: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | null;
}

export interface EmailSettings {
  readonly fromAddress: string;
  /** `signature`: the display name of the From header. */
  readonly fromName: string;
  /** The one of `[output_adapter.email]` itself, then those of `[[output_adapter.email.relay]]`. */
  readonly relays: readonly MailRelaySettings[];
  /** `[output_adapter.email.dkim]`; null: mails are not signed here. */
  readonly dkim: DkimSettings | null;
}

export interface DkimSettings {
  /** Default: that of the `from_address`. */
  readonly domain: string;
  /** The RSA key, and the Ed25519 one where there is one: a mail has a signature by each. */
  readonly keys: readonly DkimKeySettings[];
}

export interface DkimKeySettings {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** `starttls`: required. `opportunistic`: STARTTLS where it is offered, else in the clear. `implicit`: from the first byte on (RFC 8314). */
export type MailTls = 'starttls' | 'opportunistic' | 'implicit' | 'none';

export interface MailRelaySettings {
  /** In logs, metrics and the delivery log; no two have the same. Default: the host. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The lower is asked first; those of one priority share the mails. Default: 1 for `[output_adapter.email]` itself, 2 for the others. */
  readonly priority: number;
  readonly tls: MailTls;
  /** `null` where `enable_authentication = false`. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** Of one notification service, at once. Default: `delivery.concurrency`. */
  readonly connections: number;
  /** Of one notification service; null: as many as it takes. */
  readonly mailsPerSecond: number | null;
}

export type DefaultListenerName = 'identity_mgt' | 'governance_identity_mgt' | 'governance_identity_store';

export interface ListenerSettings {
  readonly priority: number;
  readonly enable: boolean;
}

/** Code of a third party that the chain calls. */
interface CustomModuleSettings {
  /** Told apart by it in traces, errors and the file. */
  readonly name: string;
  /** A path, absolute here (in the file relative to the file), or the name of an installed package. */
  readonly module: string;
  readonly priority: number;
  readonly enable: boolean;
  /** How long one hook may take. */
  readonly timeLimitMs: number;
  /** What a hook that throws, hangs or answers nonsense means: `refuse` the operation (the default), or `continue`. */
  readonly onFailure: 'refuse' | 'continue';
  readonly properties: Readonly<Record<string, string>>;
}

/** `order` is the priority. */
export type CustomListenerSettings = CustomModuleSettings;

/** WSO2's, one before and one after each user operation: what the chain raises. */
export const identityEventNames = [
  'PRE_AUTHENTICATION', 'POST_AUTHENTICATION', 'PRE_ADD_USER', 'POST_ADD_USER', 'PRE_UPDATE_CREDENTIAL', 'POST_UPDATE_CREDENTIAL', 'PRE_UPDATE_CREDENTIAL_BY_ADMIN', 'POST_UPDATE_CREDENTIAL_BY_ADMIN',
  'PRE_SET_USER_CLAIMS', 'POST_SET_USER_CLAIMS', 'PRE_GET_USER_CLAIMS', 'POST_GET_USER_CLAIMS', 'PRE_DELETE_USER', 'POST_DELETE_USER', 'PRE_GET_USER_LIST', 'POST_GET_USER_LIST',
] as const;

export interface CustomHandlerSettings extends CustomModuleSettings {
  /** Of `identityEventNames`. */
  readonly subscriptions: readonly string[];
}

/** In the order in which they run by default. */
export const defaultHandlerNames = ['account.lock.handler', 'account.disable.handler', 'passwordPolicy', 'passwordHistory', 'adminForcedPasswordReset', 'codeInvalidation', 'userEmailVerification', 'emailSend', 'audit'] as const;
/** Of which the flag alone counts: they stand in no order. */
export const flagHandlerNames = ['emailSend', 'audit'] as const satisfies readonly (typeof defaultHandlerNames)[number][];
export type DefaultHandlerName = (typeof defaultHandlerNames)[number];

export interface HandlerSettings {
  /** null: its own. */
  readonly priority: number | null;
  readonly enable: boolean;
}

export interface PasswordRecoverySettings {
  /** `identity_mgt.password_reset_email.enable_password_reset_email`: default of the run-time setting `Recovery.Notification.Password.Enable`. */
  readonly enable: boolean;
  /** `identity_mgt.password_reset_email.reset_mail_validity`, in minutes: default 60, 1 to 1440. */
  readonly linkValidityMinutes: number;
  /** `identity_mgt.password_reset_email.notify_on_reset`: default true. */
  readonly notifyOnReset: boolean;
  /** `identity_mgt.recovery.notification.manage_internally`: default true. */
  readonly manageInternally: boolean;
  /** `identity_mgt.recovery.callback_url`: anchored regular expression of allowed callbacks; default: the own base URL and what lies below it. */
  readonly callbackPattern: string;
  /** `identity_mgt.password_reset_email.cooldown` (Rekey's): seconds in which a repeated request keeps the same key; default 60. */
  readonly cooldownSeconds: number;
  /** `identity_mgt.resend_notification.max_resend_attempts` (Rekey's): mails per key beyond the first; default 5. */
  readonly maxResendAttempts: number;
  /** `identity_mgt.password_reset_email.confirmation_code_tolerance_period`: asked again within so many minutes of its issue, the same key is mailed once more; default 0, less than the link's validity. */
  readonly toleranceMinutes: number;
  /** `[identity_mgt.password_reset_email.otp]` */
  readonly otp: OtpSettings;
  /** `identity_mgt.password_reset_email.enable_recaptcha`: default false. */
  readonly recaptcha: boolean;
  /** What callers of the API are told of an account that gets no mail; default nothing. `identity_mgt.recovery.hide_user_existence` hides it all. */
  readonly tells: {
    /** `identity_mgt.recovery.notify_user_existence` */
    readonly existence: boolean;
    /** `identity_mgt.recovery.notify_recovery_email_existence` */
    readonly address: boolean;
    /** `identity_mgt.recovery.notify_user_account_status` */
    readonly status: boolean;
  };
}

/** A code to type in place of a link; of at least one kind of character. */
export interface OtpSettings {
  /** `send_otp_in_email`: default false, a link. */
  readonly sendInEmail: boolean;
  readonly uppercase: boolean;
  readonly lowercase: boolean;
  readonly numeric: boolean;
  /** Default 6, 6 to 10. */
  readonly length: number;
}

export interface AccountRecoveryApiSettings {
  /** `identity_mgt.recovery.enable_v1_api`: default true. */
  readonly enableV1: boolean;
  /** `identity_mgt.notification_channel_recovery.recovery_code_validity`: default 60. */
  readonly recoveryCodeSeconds: number;
  /** `identity_mgt.resend_notification.resend_code_validity`: default 120. */
  readonly resendCodeSeconds: number;
}

/** `[identity_mgt.username_recovery.email]`: off by default. */
export interface UsernameRecoverySettings {
  readonly enable: boolean;
  readonly recaptcha: boolean;
}

/** `[identity_mgt.user_self_registration]`: off by default. */
export interface SelfRegistrationSettings {
  readonly enable: boolean;
  /** Locked until the address is confirmed: default true. */
  readonly lockOnCreation: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `notify_account_confirmation`: default false. */
  readonly notifyOnConfirmation: boolean;
  /** `enable_recaptcha`, for portals: default false. */
  readonly recaptcha: boolean;
  /** `enable_resend_confirmation_recaptcha`, for My Account: default false. */
  readonly resendRecaptcha: boolean;
}

/** `[identity_mgt.user_onboarding]`: accounts that administrators make, and their owners open. */
export interface UserOnboardingSettings {
  /** `enable_email_verification`: default false. */
  readonly enable: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `ask_password_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly askPasswordMinutes: number;
}

/** `[identity_mgt.user_claim_update.email]`: what becomes of a changed mail address. */
export interface ClaimUpdateSettings {
  /** `enable_verification`: it counts once it is confirmed by mail; default false. */
  readonly verifyEmail: boolean;
  /** `verification_email_validity`, in minutes: default 1440, 1 to 1440. */
  readonly verificationMinutes: number;
  /** `enable_notification`: whether the old address is told when another one waits for that; default true. */
  readonly notifyExisting: boolean;
}

/** `[identity_mgt.password_reset_by_admin]`: what a person is mailed whose password an administrator has reset. */
export interface AdminForcedResetSettings {
  /** `enable_emailed_link_based_reset`: default true. */
  readonly byLink: boolean;
  /** `enable_emailed_otp_based_reset`: default false. */
  readonly byOtp: boolean;
  /** `code_validity_period`, in minutes: default 1440, 1 to 1440. */
  readonly validityMinutes: number;
}

export interface PasswordUpdateSettings {
  /** `identity_mgt.password_update.preserve_logged_in_session`: whoever changes their own password stays signed in where they did it; default false. */
  readonly preserveLoggedInSession: boolean;
}

export interface PasswordPolicySettings {
  readonly enable: boolean;
  /** In Unicode code points: default 15, at least 8. */
  readonly minLength: number;
  /** In Unicode code points: default 128, at most 128. */
  readonly maxLength: number;
  /** `identity_mgt.password_policy.pattern`: a regular expression the whole password must match, or null. */
  readonly pattern: string | null;
  /** `identity_mgt.password_policy.breached_list` (Rekey's): refuses passwords that are known from breaches; default true. */
  readonly breachedList: boolean;
  /** `identity_mgt.password_policy.context_words` (Rekey's): words of the organization that no password may be made of. */
  readonly contextWords: readonly string[];
}

/** `[identity_mgt.password_history]`: off by default. */
export interface PasswordHistorySettings {
  readonly enable: boolean;
  /** So many of the last passwords, the present one among them, cannot be set again: default 5, 1 to 24. */
  readonly count: number;
}

/** `[identity_mgt.account_locking]`: off by default. */
export interface AccountLockingSettings {
  readonly enable: boolean;
  /** `allowed_failed_attempts`: default 5. */
  readonly allowedFailedAttempts: number;
  /** `auto_unlock_after`: default 5 minutes; 0: until an administrator or a reset unlocks it. */
  readonly autoUnlockAfterSeconds: number;
  /** `auto_unlock_time_increment_ratio`: each further lock lasts so many times as long; default 2. */
  readonly autoUnlockTimeIncrementRatio: number;
  /** `notify` (Rekey's): mails about locks and unlocks; default true. */
  readonly notify: boolean;
}

/** Never below what OWASP asks for: 19456 KiB, 2, 1, which are the defaults. */
export interface PasswordHashingSettings {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** `[rate_limit]` (Rekey's). */
export interface RateLimitSettings {
  readonly enable: boolean;
  /** Requests that one client address may make in a minute at the doors that strangers reach, and calls with wrong credentials: default 60. */
  readonly requestsPerAddressPerMinute: number;
  /** Recovery mails for one account in an hour, beyond which requests are answered as ever and send nothing: default 10, more than the first and its five resends. */
  readonly mailsPerAccountPerHour: number;
  /** Wrong passwords for one account in an hour, beyond which even the right one is refused; each address that the account has signed in from has as many of its own: default 100. */
  readonly failedSignInsPerAccountPerHour: number;
}

/** `[captcha]` (Rekey's): what those solve who ask for a link or a username, where `enable_recaptcha` is on. */
export interface CaptchaSettings {
  /** `proof-of-work` (the default), or a module of a third party: a path, absolute here, or the name of an installed package. */
  readonly verifier: string;
  /** Guesses that a proof of work takes at most, and half of them at least: default 2000, a second of a browser's time. */
  readonly difficulty: number;
  /** How long a challenge may take: default 300. */
  readonly validitySeconds: number;
  /** For a module. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface DeliverySettings {
  /** Mails in flight at once per worker: default 20. */
  readonly concurrency: number;
  /** How many more a worker has in hand before there is a slot for them, at most: default five times `concurrency`. */
  readonly prefetch: number;
  /** Mails that may wait to be sent, of all workers together: default 100,000. Further events are left on the bus meanwhile. */
  readonly mostWaiting: number;
  /** Of these at most so many to addresses of one domain: default four fifths. */
  readonly concurrencyPerDomain: number;
  /** Per worker, to addresses of one domain; null: as many as the relays take. */
  readonly mailsPerSecondPerDomain: number | null;
  /** Of all workers together: 20 mails to one address of a tenant in an hour, and no limit to a tenant's in a minute. */
  readonly caps: { readonly perHourPerRecipient: number | null; readonly perMinutePerTenant: number | null };
  /** How long what became of mails is kept: default 30 days; a tenant may have its own. */
  readonly retention: { readonly days: number; readonly daysOfTenant: Readonly<Record<string, number>> };
  /** `delivery.default_locale`: default `en_US`. */
  readonly defaultLocale: string;
}

/** JSON Web Keys, each as JSON text in the file (`$env{}` in production; made at first start in the local modes). */
export interface KeySettings {
  /** `keys.sealing.public_key`: X25519, of the notification service; `kid` inside the JWK. */
  readonly sealingPublicKey: Jwk | null;
  /** `keys.sealing.private_keys`: every key that may still be in use, newest first. Only the notification service has them. */
  readonly sealingPrivateKeys: readonly Jwk[];
  /** `keys.signing.private_key`: Ed25519, of this service. */
  readonly signingPrivateKey: Jwk | null;
  /** `[[event_publisher]]`: who may publish: `source`, `public_key`, `link_bases`, `events`, `tenants`. */
  readonly publishers: readonly EventPublisherSettings[];
}

export interface EventPublisherSettings {
  readonly source: string;
  readonly publicKey: Jwk;
  /** URL prefixes that a link of this publisher may start with. */
  readonly linkBases: readonly string[];
  /** What it may say with this key, by type; undefined: anything. */
  readonly eventTypes?: readonly string[] | undefined;
  /** About whose users, by tenant domain; undefined: anyone's. */
  readonly tenants?: readonly string[] | undefined;
}

/** What may come of a mail, as the events that tell of it are called. */
export const outcomeTypes = ['NotificationSent', 'NotificationFailed', 'NotificationExpired', 'NotificationSuperseded'] as const;
export type OutcomeType = (typeof outcomeTypes)[number];

export interface WebhookSettings {
  /** What logs, metrics and the database call it: default the URL's host. */
  readonly name: string;
  /** With what lets one in: told to nobody. */
  readonly url: string;
  readonly events: readonly OutcomeType[];
  /** Of whose users' mails, by tenant domain; undefined: anyone's. */
  readonly tenants?: readonly string[] | undefined;
  /** Of whose events, by the publisher's source; undefined: anyone's. */
  readonly sources?: readonly string[] | undefined;
  readonly enable: boolean;
  /** Whether its host's name may stand for an address of the operator's own network. */
  readonly allowPrivate: boolean;
}

/** Whose reports are understood; `generic` is Rekey's own form. */
export const bounceProviders = ['generic', 'postmark', 'mailgun', 'sendgrid', 'ses'] as const;
export type BounceProviderName = (typeof bounceProviders)[number];

export interface BounceWebhookSettings {
  /** The end of its address. */
  readonly name: string;
  readonly provider: BounceProviderName;
  /** Any of them is believed, so that one can be replaced: shared keys, `name:password` of Postmark, the public key of SendGrid. */
  readonly secrets: readonly string[];
}

export type Jwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid: string };
