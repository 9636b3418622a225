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
  /** `[output_adapter.email]`; null where no relay is configured. */
  readonly email: EmailRelaySettings | null;
  /** `[event.default_listener.<name>]` */
  readonly listeners: Readonly<Record<DefaultListenerName, ListenerSettings>>;
  readonly passwordRecovery: PasswordRecoverySettings;
  readonly passwordPolicy: PasswordPolicySettings;
  /** `[delivery]` of the notification service. */
  readonly delivery: DeliverySettings;
  readonly keys: KeySettings;
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
  readonly ssl: boolean;
  readonly sasl: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string } | null;
}

export interface EmailRelaySettings {
  readonly host: string;
  readonly port: number;
  readonly fromAddress: string;
  /** `signature`: the display name of the From header. */
  readonly fromName: string;
  readonly enableStartTls: boolean;
  /** `null` where `enable_authentication = false`. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

export type DefaultListenerName = 'identity_mgt' | 'governance_identity_mgt' | 'governance_identity_store';

export interface ListenerSettings {
  readonly priority: number;
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
}

export interface PasswordPolicySettings {
  readonly enable: boolean;
  /** In Unicode code points: default 15, at least 8. */
  readonly minLength: number;
  /** In Unicode code points: default 128, at most 128. */
  readonly maxLength: number;
  /** `identity_mgt.password_policy.pattern`: a regular expression the whole password must match, or null. */
  readonly pattern: string | null;
}

export interface DeliverySettings {
  /** Mails in flight at once per worker: default 10. */
  readonly concurrency: number;
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
  /** `[[event_publisher]]`: who may publish: `source`, `public_key`, `link_bases`. */
  readonly publishers: readonly EventPublisherSettings[];
}

export interface EventPublisherSettings {
  readonly source: string;
  readonly publicKey: Jwk;
  /** URL prefixes that a link of this publisher may start with. */
  readonly linkBases: readonly string[];
}

export type Jwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid: string };
