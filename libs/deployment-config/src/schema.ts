import { z } from 'zod';
import { bounceProviders, outcomeTypes } from './deployment-config.ts';
import type { KeyPath } from './key-path.ts';
import { addressRange, broker, collectorUrl, dkimSelector, duration, ed25519PrivateKey, hostName, jwk, isSecret, ratio, listenAddress, locale, mailAddress, neverOn, pattern, publicUrl, shortName, rsaPrivateKey, scalarText, secretText, serviceOrigin, text, toggle, webhookUrl, whole } from './values.ts';

/** The keys that Rekey reads, section by section, as they stand in the file. Everything is optional here; what a service cannot do without it says itself. */
const table = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'a table' : undefined) });
const list = <Element extends z.ZodType>(element: Element, expected: string) => z.array(element, { error: expected });

const listener = (priority: string, enable: boolean) => table({ priority: whole(0, 10_000).prefault(priority), enable: toggle.prefault(enable) }).prefault({});
const storeListener = table({ priority: whole(0, 10_000).prefault('97'), enable: toggle.prefault(true), data_store: text().optional(), enable_hybrid_data_store: toggle.prefault(false) }).prefault({});

/** What third parties' listeners and handlers have in common. `type` is WSO2's, for its Java classes. */
const customModule = {
  enable: toggle.prefault(true),
  module: text('the path or package name of a module').optional(),
  properties: z.record(z.string(), scalarText, { error: 'a table of texts' }).prefault({}),
  time_limit: duration(1, 30, 's', 'a duration from "1s" to "30s"').prefault('2s'),
  on_failure: z.enum(['refuse', 'continue'], { error: '"refuse" or "continue"' }).prefault('refuse'),
};

const database = table({
  /** WSO2's word for PostgreSQL, which is the only one here. */
  type: z.enum(['postgre', 'postgresql'], { error: '"postgre": Rekey keeps its data in PostgreSQL' }).optional(),
  hostname: text('a host name').prefault('localhost'),
  port: whole(1, 65_535).prefault(5432),
  name: text('the name of a database'),
  username: text(),
  password: secretText,
  pool_size: whole(1, 200).prefault(10),
  ssl: toggle.prefault(false),
});

const transport = (port: number) => table({ properties: table({ port: whole(1, 65_535).prefault(port) }).prefault({}) }).prefault({});

const longestLinkSeconds = 24 * 3_600;
/** How long a link or code works that comes by mail. */
const mailedValidity = duration(60, longestLinkSeconds, 'm', 'a duration in whole minutes from "1m" to "24h": a link that works longer is a risk', 60);
/** How long a code of the account recovery API works, from one call to the next. */
const stepValidity = duration(10, 3_600, 'm', 'a duration from "10s" to "1h"');

const daySeconds = 24 * 3_600;
/** No link works longer than the shortest. */
const retention = duration(daySeconds, 3_650 * daySeconds, 's', 'a duration in whole days from "1d" to "3650d"', daySeconds);

const mailsPerSecond = ratio(0.01, 10_000);
/** A mail relay, as `[output_adapter.email]` describes one and `[[output_adapter.email.relay]]` others. */
const relay = {
  name: shortName.optional(),
  hostname: text('the host name of your mail relay'),
  port: whole(1, 65_535).prefault(587),
  priority: whole(1, 1_000).optional(),
  username: text().optional(),
  password: secretText.optional(),
  enable_authentication: toggle.prefault(true),
  tls: z.enum(['starttls', 'opportunistic', 'implicit', 'none'], { error: '"starttls" (required), "opportunistic", "implicit" or "none"' }).optional(),
  max_connections: whole(1, 1_000).optional(),
  mails_per_second: mailsPerSecond.optional(),
};

export const deploymentToml = table({
  server: table({
    hostname: hostName.prefault('localhost'),
    base_path: text('a URL').optional(),
    offset: whole(0, 50_000).prefault(0),
    listen_address: listenAddress.prefault('127.0.0.1'),
    notification_services: list(serviceOrigin, 'a list of origins').optional(),
    trusted_proxies: list(addressRange, 'a list of IP addresses and CIDR ranges').prefault([]),
  }).prefault({}),
  super_admin: table({ username: text().prefault('admin'), password: secretText.prefault('admin') }).prefault({}),
  transport: table({ https: transport(9443), http: transport(9763) }).prefault({}),
  database: table({ identity_db: database.optional(), notification_db: database.optional() }).prefault({}),
  kafka: table({
    brokers: list(broker, 'a list of "host:port"').min(1, 'at least one "host:port"'),
    client_id: text().prefault('rekey'),
    partitions: whole(1, 1_000).prefault(6),
    replication_factor: whole(1, 10).prefault(1),
    session_timeout: duration(1, 300, 's', 'a duration from "1s" to "5m"').prefault('10s'),
    ssl: toggle.prefault(false),
    sasl: table({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: '"plain", "scram-sha-256" or "scram-sha-512"' }), username: text(), password: secretText }).optional(),
  }).optional(),
  output_adapter: table({
    email: table({
      ...relay,
      from_address: mailAddress,
      signature: text().prefault('Rekey'),
      enable_start_tls: toggle.prefault(true),
      /** Rekey's: relays that mails go to in the clear, whatever `enable_start_tls` says, such as a mail catcher on the same machine. */
      hosts_without_tls: list(text('a host name'), 'a list of host names').prefault([]),
      dkim: table({ domain: hostName.optional(), selector: dkimSelector, private_key: rsaPrivateKey, ed25519_selector: dkimSelector.optional(), ed25519_private_key: ed25519PrivateKey.optional() }).optional(),
      relay: list(table(relay), 'a list of tables, each under [[output_adapter.email.relay]]').prefault([]),
    }).optional(),
  }).prefault({}),
  event: table({
    default_listener: table({
      identity_mgt: listener('50', false),
      governance_identity_mgt: listener('95', true),
      governance_identity_store: storeListener,
    }).prefault({}),
  }).prefault({}),
  identity_mgt: table({
    password_reset_email: table({
      enable_password_reset_email: toggle.prefault(false),
      reset_mail_validity: mailedValidity.prefault('60m'),
      notify_on_reset: toggle.prefault(true),
      cooldown: duration(0, 3_600, 's', 'a duration from "0s" to "1h"').prefault('60s'),
      confirmation_code_tolerance_period: duration(0, longestLinkSeconds, 'm', 'a duration from "0m" to "24h"').prefault('0m'),
      enable_recaptcha: toggle.prefault(false),
      otp: table({
        send_otp_in_email: toggle.prefault(false),
        use_uppercase_in_otp: toggle.prefault(true),
        use_lowercase_in_otp: toggle.prefault(true),
        use_numeric_in_otp: toggle.prefault(true),
        otp_length: whole(6, 10).prefault('6'),
      }).prefault({}),
    }).prefault({}),
    recovery: table({
      callback_url: text('a regular expression').optional(),
      enable_auto_login: neverOn('a reset signs nobody in (WSO2-2021-1292)').prefault(false),
      notification: table({ manage_internally: toggle.prefault(true) }).prefault({}),
      notify_user_existence: toggle.prefault(false),
      notify_recovery_email_existence: toggle.prefault(false),
      notify_user_account_status: toggle.prefault(false),
      hide_user_existence: toggle.prefault(false),
      enable_v1_api: toggle.prefault(true),
    }).prefault({}),
    notification_channel_recovery: table({ recovery_code_validity: stepValidity.prefault('1m') }).prefault({}),
    resend_notification: table({ max_resend_attempts: whole(0, 100).prefault(5), resend_code_validity: stepValidity.prefault('2m') }).prefault({}),
    notification: table({ default_notification_channel: z.enum(['EMAIL', 'SMS'], { error: '"EMAIL" or "SMS"' }).prefault('EMAIL') }).prefault({}),
    username_recovery: table({ email: table({ enable_username_recovery: toggle.prefault(false), enable_recaptcha: toggle.prefault(false) }).prefault({}) }).prefault({}),
    password_reset_challenge_questions: table({
      enable_password_reset_challenge_questions: toggle.prefault(false),
      min_required_answers: whole(1, 20).prefault(2),
    }).prefault({}),
    password_reset_by_admin: table({
      enable_emailed_link_based_reset: toggle.prefault(true),
      enable_emailed_otp_based_reset: toggle.prefault(false),
      code_validity_period: mailedValidity.prefault('24h'),
    }).prefault({}),
    password_update: table({ preserve_logged_in_session: toggle.prefault(false) }).prefault({}),
    user_self_registration: table({
      allow_self_registration: toggle.prefault(false),
      lock_on_creation: toggle.prefault(true),
      verification_email_validity: mailedValidity.prefault('24h'),
      notify_account_confirmation: toggle.prefault(false),
      enable_recaptcha: toggle.prefault(false),
      enable_resend_confirmation_recaptcha: toggle.prefault(false),
    }).prefault({}),
    user_onboarding: table({ enable_email_verification: toggle.prefault(false), verification_email_validity: mailedValidity.prefault('24h'), ask_password_email_validity: mailedValidity.prefault('24h') }).prefault({}),
    user_claim_update: table({
      email: table({ enable_verification: toggle.prefault(false), verification_email_validity: mailedValidity.prefault('24h'), enable_notification: toggle.prefault(true) }).prefault({}),
    }).prefault({}),
    password_policy: table({
      enable: toggle.prefault(true),
      min_length: whole(8, 128).prefault(15),
      max_length: whole(64, 128).prefault(128),
      pattern: pattern.optional(),
      breached_list: toggle.prefault(true),
      context_words: list(text('a word'), 'a list of words').prefault([]),
    }).prefault({}),
    password_history: table({ enable: toggle.prefault(false), count: whole(1, 24).prefault(5) }).prefault({}),
    account_locking: table({
      enable_account_locking: toggle.prefault(false),
      allowed_failed_attempts: whole(1, 100).prefault(5),
      auto_unlock_after: duration(0, 31 * 24 * 3_600, 'm', 'a duration up to "31d", "0s" for never').prefault('5m'),
      auto_unlock_time_increment_ratio: ratio(1, 100).prefault(2),
      notify: toggle.prefault(true),
    }).prefault({}),
  }).prefault({}),
  event_listener: list(table({ id: text(), type: text().optional(), name: text().optional(), order: whole(0, 100_000).optional(), ...customModule }), 'a list of tables, each under [[event_listener]]').prefault([]),
  event_handler: list(table({ name: text(), subscriptions: list(text('the name of an identity event'), 'a list of identity events').prefault([]), priority: whole(0, 100_000).optional(), ...customModule }), 'a list of tables, each under [[event_handler]]').prefault([]),
  password_hashing: table({ memory_kib: whole(19_456, 4_194_304).prefault(19_456), iterations: whole(2, 100).prefault(2), parallelism: whole(1, 16).prefault(1) }).prefault({}),
  rate_limit: table({
    enable: toggle.prefault(true),
    requests_per_address_per_minute: whole(1, 1_000_000).prefault(60),
    mails_per_account_per_hour: whole(1, 1_000).prefault(10),
    failed_sign_ins_per_account_per_hour: whole(1, 10_000).prefault(100),
  }).prefault({}),
  captcha: table({
    verifier: text('"proof-of-work", or the path or package name of a module').prefault('proof-of-work'),
    difficulty: whole(2, 10_000_000).prefault(2_000),
    validity: duration(30, 3_600, 's', 'a duration from "30s" to "1h"').prefault('5m'),
    properties: z.record(z.string(), scalarText, { error: 'a table of texts' }).prefault({}),
  }).prefault({}),
  delivery: table({
    concurrency: whole(1, 1_000).prefault(20),
    prefetch: whole(0, 10_000).optional(),
    most_waiting: whole(1, 10_000_000).prefault(100_000),
    concurrency_per_domain: whole(1, 1_000).optional(),
    mails_per_second_per_domain: mailsPerSecond.optional(),
    mails_per_hour_per_recipient: whole(1, 1_000_000).prefault(20),
    mails_per_minute_per_tenant: whole(1, 1_000_000).optional(),
    retention: retention.prefault('30d'),
    retention_of_tenant: z.record(z.string(), retention, { error: 'a table of durations' }).prefault({}),
    default_locale: locale.prefault('en_US'),
  }).prefault({}),
  telemetry: table({ otlp_endpoint: collectorUrl.optional() }).prefault({}),
  keys: table({
    sealing: table({ public_key: jwk('X25519', 'public').optional(), private_keys: list(jwk('X25519', 'private'), 'a list of keys').prefault([]) }).prefault({}),
    signing: table({ private_key: jwk('Ed25519', 'private').optional() }).prefault({}),
  }).prefault({}),
  event_publisher: list(table({ source: text(), public_key: jwk('Ed25519', 'public'), link_bases: list(publicUrl, 'a list of URLs').prefault([]), events: list(text('an event type'), 'a list of event types').optional(), tenants: list(text('a tenant domain'), 'a list of tenant domains').optional() }), 'a list of tables, each under [[event_publisher]]').prefault([]),
  event_webhook: list(table({
    name: shortName.optional(),
    url: webhookUrl,
    events: list(z.enum(outcomeTypes, { error: `one of ${outcomeTypes.map((type) => `"${type}"`).join(', ')}` }), 'a list of event types').min(1, 'at least one event type').prefault([...outcomeTypes]),
    tenants: list(text('a tenant domain'), 'a list of tenant domains').optional(),
    sources: list(text('the source of a publisher'), 'a list of sources').optional(),
    enable: toggle.prefault(true),
    allow_private: toggle.prefault(false),
  }), 'a list of tables, each under [[event_webhook]]').prefault([]),
  bounce_webhook: list(table({
    name: shortName,
    provider: z.enum(bounceProviders, { error: `one of ${bounceProviders.map((provider) => `"${provider}"`).join(', ')}` }),
    secrets: list(secretText, 'a list of texts').min(1, 'at least one secret').max(4, 'at most four secrets: the one in use, and those that are on their way out'),
  }), 'a list of tables, each under [[bounce_webhook]]').max(20, 'at most twenty').prefault([]),
  secrets: z.record(z.string(), secretText, { error: 'a table' }).prefault({}),
});

export type DeploymentToml = z.output<typeof deploymentToml>;

/** @returns the keys that Rekey reads in the table at this path; null where it is no table of fixed keys */
export function knownKeysAt(path: KeyPath): readonly string[] | null {
  const { def } = unwrapped(schemaAt(path))._zod;
  return isObjectDefinition(def) ? Object.keys(def.shape) : null;
}

/** What a file may leave out, and what then counts, as a file would write it; undefined where nothing does. */
export function defaultAt(path: KeyPath): unknown {
  const { def } = schemaAt(path)._zod;
  return isPrefaultDefinition(def) ? def.defaultValue : undefined;
}

/** Whether the key at this path, or each element of its list, is told to nobody. */
export function isSecretAt(path: KeyPath): boolean {
  const schema = unwrapped(schemaAt(path));
  const { def } = schema._zod;
  return isSecret(isArrayDefinition(def) ? def.element : schema);
}

function schemaAt(path: KeyPath): z.core.$ZodType {
  let schema: z.core.$ZodType | undefined = deploymentToml;
  for (const part of path) schema = schema && below(schema, part);
  return schema ?? z.never();
}

function below(schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType | undefined {
  const { def } = unwrapped(schema)._zod;
  if (typeof part === 'number') return isArrayDefinition(def) ? def.element : undefined;
  if (isRecordDefinition(def)) return def.valueType;
  return typeof part === 'string' && isObjectDefinition(def) && Object.hasOwn(def.shape, part) ? def.shape[part] : undefined;
}

/** Optional and prefault wrap one inner type. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  return 'innerType' in def ? unwrapped(def.innerType as z.core.$ZodType) : schema; // zod has nothing else under this name
}

function isObjectDefinition(def: z.core.$ZodTypeDef): def is z.core.$ZodObjectDef {
  return def.type === 'object';
}

function isArrayDefinition(def: z.core.$ZodTypeDef): def is z.core.$ZodArrayDef {
  return def.type === 'array';
}

function isRecordDefinition(def: z.core.$ZodTypeDef): def is z.core.$ZodRecordDef {
  return def.type === 'record';
}

function isPrefaultDefinition(def: z.core.$ZodTypeDef): def is z.core.$ZodPrefaultDef {
  return def.type === 'prefault';
}
