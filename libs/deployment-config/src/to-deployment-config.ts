import type { DatabaseSettings, DeliverySettings, DeploymentConfig, KafkaSettings, KeySettings, OtpSettings, ServerSettings, WebhookSettings } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import { bounceWebhookSettings } from './bounce-webhook-settings.ts';
import { emailSettings } from './email-settings.ts';
import { extensionSettings, resolvedModule } from './extension-settings.ts';
import type { KeyPath } from './key-path.ts';
import type { DeploymentToml } from './schema.ts';
import { expectedPublicUrl, isPattern, parsePublicUrl } from './values.ts';

/** The file's keys as the services know them. @throws DeploymentConfigError where keys contradict each other or are dangerous */
export function toDeploymentConfig(toml: DeploymentToml, layers: DeploymentLayers): DeploymentConfig {
  const { password_reset_email: resetEmail, recovery, resend_notification: resend, password_policy: policy, password_history: passwordHistory, account_locking: locking } = toml.identity_mgt;
  const { username_recovery: usernameRecovery, user_self_registration: selfRegistration, user_onboarding: onboarding, password_reset_by_admin: forcedReset, user_claim_update: claimUpdate } = toml.identity_mgt;
  const server = serverSettings(toml, layers);
  const { identity_mgt, governance_identity_mgt, governance_identity_store: store } = toml.event.default_listener;
  const listeners = { identity_mgt, governance_identity_mgt, governance_identity_store: { priority: store.priority, enable: store.enable } };
  const { customListeners, customHandlers, handlers } = extensionSettings(toml, listeners, layers);
  if (policy.min_length > policy.max_length) throw layers.unexpected(['identity_mgt', 'password_policy', 'min_length'], `at most max_length (${policy.max_length})`);
  return {
    server,
    superAdmin: toml.super_admin,
    identityDatabase: databaseSettings(toml.database.identity_db),
    notificationDatabase: databaseSettings(toml.database.notification_db),
    kafka: kafkaSettings(toml.kafka),
    telemetry: { otlpEndpoint: toml.telemetry.otlp_endpoint ?? null },
    email: emailSettings(toml.output_adapter.email, toml.delivery.concurrency, layers),
    listeners,
    hybridDataStore: store.enable_hybrid_data_store,
    customListeners,
    customHandlers,
    handlers,
    passwordRecovery: {
      enable: resetEmail.enable_password_reset_email,
      linkValidityMinutes: resetEmail.reset_mail_validity / 60,
      notifyOnReset: resetEmail.notify_on_reset,
      manageInternally: recovery.notification.manage_internally,
      callbackPattern: callbackPattern(recovery.callback_url, server, layers),
      cooldownSeconds: resetEmail.cooldown,
      toleranceMinutes: toleranceMinutes(resetEmail, layers),
      maxResendAttempts: resend.max_resend_attempts,
      otp: otpSettings(resetEmail.otp, layers),
      recaptcha: resetEmail.enable_recaptcha,
      tells: {
        existence: recovery.notify_user_existence && !recovery.hide_user_existence,
        address: recovery.notify_recovery_email_existence && !recovery.hide_user_existence,
        status: recovery.notify_user_account_status && !recovery.hide_user_existence,
      },
    },
    accountRecoveryApi: { enableV1: recovery.enable_v1_api, recoveryCodeSeconds: toml.identity_mgt.notification_channel_recovery.recovery_code_validity, resendCodeSeconds: resend.resend_code_validity },
    usernameRecovery: { enable: usernameRecovery.email.enable_username_recovery, recaptcha: usernameRecovery.email.enable_recaptcha },
    selfRegistration: {
      enable: selfRegistration.allow_self_registration,
      lockOnCreation: selfRegistration.lock_on_creation,
      verificationMinutes: selfRegistration.verification_email_validity / 60,
      notifyOnConfirmation: selfRegistration.notify_account_confirmation,
      recaptcha: selfRegistration.enable_recaptcha,
      resendRecaptcha: selfRegistration.enable_resend_confirmation_recaptcha,
    },
    userOnboarding: { enable: onboarding.enable_email_verification, verificationMinutes: onboarding.verification_email_validity / 60, askPasswordMinutes: onboarding.ask_password_email_validity / 60 },
    claimUpdate: { verifyEmail: claimUpdate.email.enable_verification, verificationMinutes: claimUpdate.email.verification_email_validity / 60, notifyExisting: claimUpdate.email.enable_notification },
    adminForcedReset: { byLink: forcedReset.enable_emailed_link_based_reset, byOtp: forcedReset.enable_emailed_otp_based_reset, validityMinutes: forcedReset.code_validity_period / 60 },
    passwordUpdate: { preserveLoggedInSession: toml.identity_mgt.password_update.preserve_logged_in_session },
    passwordPolicy: { enable: policy.enable, minLength: policy.min_length, maxLength: policy.max_length, pattern: policy.pattern ?? null, breachedList: policy.breached_list, contextWords: policy.context_words },
    passwordHistory,
    accountLocking: {
      enable: locking.enable_account_locking,
      allowedFailedAttempts: locking.allowed_failed_attempts,
      autoUnlockAfterSeconds: locking.auto_unlock_after,
      autoUnlockTimeIncrementRatio: locking.auto_unlock_time_increment_ratio,
      notify: locking.notify,
    },
    passwordHashing: { memoryKib: toml.password_hashing.memory_kib, iterations: toml.password_hashing.iterations, parallelism: toml.password_hashing.parallelism },
    rateLimit: {
      enable: toml.rate_limit.enable,
      requestsPerAddressPerMinute: toml.rate_limit.requests_per_address_per_minute,
      mailsPerAccountPerHour: toml.rate_limit.mails_per_account_per_hour,
      failedSignInsPerAccountPerHour: toml.rate_limit.failed_sign_ins_per_account_per_hour,
    },
    captcha: { verifier: resolvedModule(toml.captcha.verifier, true, ['captcha', 'verifier'], layers), difficulty: toml.captcha.difficulty, validitySeconds: toml.captcha.validity, properties: toml.captcha.properties },
    delivery: deliverySettings(toml.delivery),
    keys: keySettings(toml, layers),
    webhooks: webhookSettings(toml, layers),
    bounceWebhooks: bounceWebhookSettings(toml.bounce_webhook, layers),
  };
}

type ResetEmail = DeploymentToml['identity_mgt']['password_reset_email'];

function toleranceMinutes({ confirmation_code_tolerance_period: seconds, reset_mail_validity: validity }: ResetEmail, layers: DeploymentLayers): number {
  if (seconds >= validity) throw layers.unexpected(['identity_mgt', 'password_reset_email', 'confirmation_code_tolerance_period'], `less than reset_mail_validity (${validity / 60} minutes)`);
  return seconds / 60;
}

function otpSettings(otp: ResetEmail['otp'], layers: DeploymentLayers): OtpSettings {
  const { send_otp_in_email: sendInEmail, use_uppercase_in_otp: uppercase, use_lowercase_in_otp: lowercase, use_numeric_in_otp: numeric, otp_length: length } = otp;
  if (!uppercase && !lowercase && !numeric) throw layers.refusal(['identity_mgt', 'password_reset_email', 'otp'], 'leaves a code no characters: expected use_uppercase_in_otp, use_lowercase_in_otp or use_numeric_in_otp to be true');
  return { sendInEmail, uppercase, lowercase, numeric, length };
}

const highestPort = 65_535;
/** Where a notification service listens that nobody told another port. */
const firstNotificationServicePort = 9_600;

function serverSettings({ server, transport }: DeploymentToml, layers: DeploymentLayers): ServerSettings {
  const { hostname, offset, listen_address: listenAddress, trusted_proxies: trustedProxies, notification_services: notificationServices = [`http://127.0.0.1:${firstNotificationServicePort + offset}`] } = server;
  const ports = { https: transport.https.properties.port + offset, http: transport.http.properties.port + offset };
  for (const door of ['https', 'http'] as const) {
    if (ports[door] > highestPort) throw layers.refusal(['server', 'offset'], `with it the ${door} port would be ${ports[door]}, expected at most ${highestPort}`);
  }
  if (ports.https === ports.http) throw layers.refusal(['transport', 'http', 'properties', 'port'], `${transport.http.properties.port} is the port of https too: give each its own`);
  const baseUrl = parsePublicUrl(withCarbonVariables(server.base_path ?? '${carbon.protocol}://${carbon.host}:${carbon.management.port}', hostname, ports.https));
  if (baseUrl === undefined) throw layers.unexpected(['server', 'base_path'], expectedPublicUrl);
  return { hostname, offset, baseUrl, listenAddress, httpsPort: ports.https, httpPort: ports.http, notificationServices, trustedProxies };
}

/** WSO2's own files build their addresses from these. */
function withCarbonVariables(text: string, host: string, httpsPort: number): string {
  return text.replaceAll('${carbon.protocol}', 'https').replaceAll('${carbon.host}', host).replaceAll('${carbon.management.port}', String(httpsPort));
}

function callbackPattern(written: string | undefined, { hostname, baseUrl, httpsPort }: ServerSettings, layers: DeploymentLayers): string {
  if (written === undefined) return `${escapePattern(baseUrl)}(?:/.*)?`;
  const pattern = withCarbonVariables(written, escapePattern(hostname), httpsPort);
  if (!isPattern(pattern)) throw layers.unexpected(['identity_mgt', 'recovery', 'callback_url'], 'a regular expression');
  return pattern;
}

function databaseSettings(database: DeploymentToml['database']['identity_db']): DatabaseSettings | null {
  if (!database) return null;
  const { hostname: host, port, name, username, password, pool_size: poolSize, ssl } = database;
  return { host, port, name, username, password, poolSize, ssl };
}

function kafkaSettings(kafka: DeploymentToml['kafka']): KafkaSettings | null {
  if (!kafka) return null;
  const { brokers, client_id: clientId, partitions, replication_factor: replicationFactor, session_timeout: sessionTimeoutSeconds, ssl, sasl } = kafka;
  return { brokers, clientId, partitions, replicationFactor, sessionTimeoutSeconds, ssl, sasl: sasl ?? null };
}

const daySeconds = 24 * 3_600;
/** A domain whose mails hang leaves a fifth of the slots to the others. */
const shareOfOneDomain = 0.8;
/** So that one statement takes many mails, where relays are fast. */
const takenAheadForEachSlot = 5;

function deliverySettings({ concurrency, prefetch, most_waiting: mostWaiting, concurrency_per_domain: perDomain, mails_per_second_per_domain: perSecond, mails_per_hour_per_recipient: perHourPerRecipient, mails_per_minute_per_tenant: perMinutePerTenant, retention, retention_of_tenant: ofTenant, default_locale: defaultLocale }: DeploymentToml['delivery']): DeliverySettings {
  return {
    concurrency,
    prefetch: prefetch ?? takenAheadForEachSlot * concurrency,
    mostWaiting,
    concurrencyPerDomain: perDomain ?? Math.max(1, Math.floor(concurrency * shareOfOneDomain)),
    mailsPerSecondPerDomain: perSecond ?? null,
    caps: { perHourPerRecipient, perMinutePerTenant: perMinutePerTenant ?? null },
    retention: { days: retention / daySeconds, daysOfTenant: Object.fromEntries(Object.entries(ofTenant).map(([domain, seconds]) => [domain, seconds / daySeconds])) },
    defaultLocale,
  };
}

function keySettings({ keys, event_publisher: publishers }: DeploymentToml, layers: DeploymentLayers): KeySettings {
  refuseRepeated(keys.sealing.private_keys.map(({ kid }) => kid), (index) => ['keys', 'sealing', 'private_keys', index], 'the "kid" of this key is another one\'s too: one of them could never be chosen', layers);
  refuseRepeated(publishers.map(({ source, public_key: key }) => JSON.stringify([source, key.kid])), (index) => ['event_publisher', index, 'public_key'], 'this source has a key of the same "kid" already', layers);
  return {
    sealingPublicKey: keys.sealing.public_key ?? null,
    sealingPrivateKeys: keys.sealing.private_keys,
    signingPrivateKey: keys.signing.private_key ?? null,
    publishers: publishers.map(({ source, public_key: publicKey, link_bases: linkBases, events: eventTypes, tenants }) => ({ source, publicKey, linkBases, eventTypes, tenants })),
  };
}

function webhookSettings({ event_webhook: webhooks }: DeploymentToml, layers: DeploymentLayers): readonly WebhookSettings[] {
  const settings = webhooks.map(({ name, url, events, tenants, sources, enable, allow_private: allowPrivate }) => ({ name: name ?? new URL(url).hostname, url, events, tenants, sources, enable, allowPrivate }));
  refuseRepeated(settings.map(({ name }) => name), (index) => ['event_webhook', index, webhooks[index]?.name === undefined ? 'url' : 'name'], 'another webhook is called so already, by its name or its host: give each a name', layers);
  return settings;
}

function refuseRepeated(names: readonly string[], pathOf: (index: number) => KeyPath, reason: string, layers: DeploymentLayers): void {
  const index = names.findIndex((name, position) => names.indexOf(name) !== position);
  if (index !== -1) throw layers.refusal(pathOf(index), reason);
}

function escapePattern(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
