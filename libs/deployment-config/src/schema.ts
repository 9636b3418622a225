import { z } from 'zod';
import type { KeyPath } from './key-path.ts';
import { table } from './table.ts';
import { accountLockingToml } from './tables/account-locking.ts';
import { passwordResetByAdminToml } from './tables/admin-forced-reset.ts';
import { bounceWebhooksToml } from './tables/bounce-webhooks.ts';
import { captchaToml } from './tables/captcha.ts';
import { claimUpdateToml } from './tables/claim-update.ts';
import { databaseToml } from './tables/database.ts';
import { defaultListenersToml } from './tables/default-listeners.ts';
import { deliveryToml } from './tables/delivery.ts';
import { emailToml } from './tables/email.ts';
import { eventWebhooksToml } from './tables/event-webhooks.ts';
import { eventHandlersToml, eventListenersToml } from './tables/extensions.ts';
import { kafkaToml } from './tables/kafka.ts';
import { eventPublishersToml, keysToml } from './tables/keys.ts';
import { passwordHashingToml } from './tables/password-hashing.ts';
import { passwordHistoryToml } from './tables/password-history.ts';
import { passwordPolicyToml } from './tables/password-policy.ts';
import { channelRecoveryToml, passwordResetEmailToml, recoveryToml, resendNotificationToml } from './tables/password-recovery.ts';
import { passwordUpdateToml } from './tables/password-update.ts';
import { rateLimitToml } from './tables/rate-limit.ts';
import { selfRegistrationToml } from './tables/self-registration.ts';
import { serverToml, transportToml } from './tables/server.ts';
import { userOnboardingToml } from './tables/user-onboarding.ts';
import { usernameRecoveryToml } from './tables/username-recovery.ts';
import { collectorUrl } from './values/addresses.ts';
import { choice, secretText, text, toggle, whole } from './values/scalars.ts';
import { isSecret } from './values/value.ts';

/** The keys that Rekey reads, as they stand in the file. What each table says is in `tables/`, with what the services get of it. */
export const deploymentToml = table({
  server: serverToml,
  super_admin: table({ username: text().prefault('admin'), password: secretText.prefault('admin') }).prefault({}),
  transport: transportToml,
  database: table({ identity_db: databaseToml, notification_db: databaseToml }).prefault({}),
  kafka: kafkaToml,
  output_adapter: table({ email: emailToml }).prefault({}),
  event: table({ default_listener: defaultListenersToml }).prefault({}),
  identity_mgt: table({
    password_reset_email: passwordResetEmailToml,
    recovery: recoveryToml,
    notification_channel_recovery: channelRecoveryToml,
    resend_notification: resendNotificationToml,
    notification: table({ default_notification_channel: choice(['EMAIL', 'SMS']).prefault('EMAIL') }).prefault({}),
    username_recovery: usernameRecoveryToml,
    password_reset_challenge_questions: table({
      enable_password_reset_challenge_questions: toggle.prefault(false),
      min_required_answers: whole(1, 20).prefault(2),
    }).prefault({}),
    password_reset_by_admin: passwordResetByAdminToml,
    password_update: passwordUpdateToml,
    user_self_registration: selfRegistrationToml,
    user_onboarding: userOnboardingToml,
    user_claim_update: claimUpdateToml,
    password_policy: passwordPolicyToml,
    password_history: passwordHistoryToml,
    account_locking: accountLockingToml,
  }).prefault({}),
  event_listener: eventListenersToml,
  event_handler: eventHandlersToml,
  password_hashing: passwordHashingToml,
  rate_limit: rateLimitToml,
  captcha: captchaToml,
  delivery: deliveryToml,
  telemetry: table({ otlp_endpoint: collectorUrl.optional() }).prefault({}),
  keys: keysToml,
  event_publisher: eventPublishersToml,
  event_webhook: eventWebhooksToml,
  bounce_webhook: bounceWebhooksToml,
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
