import { isDeepStrictEqual } from 'node:util';
import type { DeploymentConfig } from './deployment-config.ts';
import type { KeyPath } from './key-path.ts';

export type ConfigSection = keyof DeploymentConfig;

/** What one process does with a changed file. Sections that it does not read are in neither list. */
export interface SectionUse {
  /** Follows a changed file. */
  readonly atRunTime: readonly ConfigSection[];
  /** Counts from the next start on. */
  readonly atStart: readonly ConfigSection[];
}

const followed = [
  'listeners', 'hybridDataStore', 'customListeners', 'customHandlers', 'handlers', 'passwordRecovery', 'accountRecoveryApi', 'usernameRecovery', 'selfRegistration', 'userOnboarding', 'claimUpdate', 'adminForcedReset', 'passwordUpdate',
  'passwordPolicy', 'passwordHistory', 'accountLocking', 'passwordHashing', 'rateLimit',
] as const;

export const recoverySections: SectionUse = { atRunTime: followed, atStart: ['server', 'superAdmin', 'identityDatabase', 'kafka', 'telemetry', 'captcha', 'delivery', 'keys', 'bounceWebhooks'] };
export const notificationSections: SectionUse = { atRunTime: [], atStart: ['server', 'notificationDatabase', 'kafka', 'telemetry', 'email', 'delivery', 'keys', 'webhooks'] };
/** Both in one process. */
export const allSections: SectionUse = { atRunTime: followed, atStart: [...new Set([...recoverySections.atStart, ...notificationSections.atStart])] };

/** Where each is in the file: tables, arrays of tables in double brackets, and single keys. */
const places: Readonly<Record<ConfigSection, readonly string[]>> = {
  server: ['[server]', '[transport]'],
  superAdmin: ['[super_admin]'],
  identityDatabase: ['[database.identity_db]'],
  notificationDatabase: ['[database.notification_db]'],
  kafka: ['[kafka]'],
  telemetry: ['[telemetry]'],
  email: ['[output_adapter.email]'],
  listeners: ['[event.default_listener]'],
  hybridDataStore: ['event.default_listener.governance_identity_store.enable_hybrid_data_store'],
  customListeners: ['[[event_listener]]'],
  customHandlers: ['[[event_handler]]'],
  handlers: ['[[event_handler]] of a built-in one'],
  passwordRecovery: ['[identity_mgt.password_reset_email]', '[identity_mgt.recovery]'],
  accountRecoveryApi: ['[identity_mgt.notification_channel_recovery]', '[identity_mgt.resend_notification]', 'identity_mgt.recovery.enable_v1_api'],
  usernameRecovery: ['[identity_mgt.username_recovery]'],
  selfRegistration: ['[identity_mgt.user_self_registration]'],
  userOnboarding: ['[identity_mgt.user_onboarding]'],
  claimUpdate: ['[identity_mgt.user_claim_update]'],
  adminForcedReset: ['[identity_mgt.password_reset_by_admin]'],
  passwordUpdate: ['[identity_mgt.password_update]'],
  passwordPolicy: ['[identity_mgt.password_policy]'],
  passwordHistory: ['[identity_mgt.password_history]'],
  accountLocking: ['[identity_mgt.account_locking]'],
  passwordHashing: ['[password_hashing]'],
  rateLimit: ['[rate_limit]'],
  captcha: ['[captcha]'],
  delivery: ['[delivery]'],
  keys: ['[keys]', '[[event_publisher]]'],
  webhooks: ['[[event_webhook]]'],
  bounceWebhooks: ['[[bounce_webhook]]'],
};

/** As the file calls them. */
export function sectionNames(sections: readonly ConfigSection[]): string {
  return sections.map((section) => places[section].join(', ').replace(/, (?=[^,]*$)/, ' or ')).join(', ');
}

const tablesAtStart = [...new Set([...recoverySections.atStart, ...notificationSections.atStart])].flatMap((section) => places[section].map((place) => place.replaceAll(/[[\]]/g, '')));

/** Whether what the file says of this key counts from the next start of a service on, and not at once. */
export function needsRestart(path: KeyPath): boolean {
  const key = path.filter((part) => typeof part === 'string').join('.');
  return tablesAtStart.some((table) => key === table || key.startsWith(`${table}.`));
}

/** @returns those of the sections that differ */
export function changedSections(sections: readonly ConfigSection[], next: DeploymentConfig, previous: DeploymentConfig): readonly ConfigSection[] {
  return sections.filter((section) => !isDeepStrictEqual(next[section], previous[section]));
}

/** @returns the next configuration, with what only a start can change as it is now */
export function applicable(next: DeploymentConfig, current: DeploymentConfig, { atRunTime }: SectionUse): DeploymentConfig {
  const applied: DeploymentConfig = { ...current, ...Object.fromEntries(atRunTime.map((section) => [section, next[section]])) };
  // The callbacks allowed by default are those below the base URL: they change with the links, at the next start.
  const { callbackPattern } = next.server.baseUrl === current.server.baseUrl ? applied.passwordRecovery : current.passwordRecovery;
  return { ...applied, passwordRecovery: { ...applied.passwordRecovery, callbackPattern } };
}
