import { shippedConfig, type DeploymentConfig } from '@rekey/deployment-config';
import { EventReader, EventSigner, EventWriter, recoveryServiceSource, RequestSigner, SecretSealer } from '@rekey/events';
import { AuditLog, ConnectorSettings, GovernanceConnectors, StoredSettings, UserManager, type ThirdParties } from '@rekey/governance';
import { PasswordHasher, Roles, Sessions, Tenants, UserStore } from '@rekey/identity';
import type { Database } from '@rekey/messaging';
import type { Logger } from '@rekey/observability';
import { AddressVerification } from './address-verification/address-verification.ts';
import { Admission } from './authentication/admission.ts';
import { BasicAuthentication } from './authentication/basic-authentication.ts';
import { SignIns } from './authentication/sign-ins.ts';
import { BounceWebhooks } from './bounce-webhook/bounce-webhooks.ts';
import type { CaptchaVerifier } from './captcha/captcha-verifier.ts';
import { Captcha } from './captcha/captcha.ts';
import { ProofOfWork } from './captcha/proof-of-work.ts';
import { DeliveryRequests } from './deliveries/delivery-requests.ts';
import { ForcedResetWorker } from './forced-reset/forced-reset-worker.ts';
import { ClientAddresses } from './http/client-address.ts';
import { pathOfTenant } from './http/tenant-path.ts';
import { UserNames } from './http/user-name.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { MailTemplateRequests } from './mail-template/mail-template-requests.ts';
import { NotificationServiceRequests } from './notification-service/notification-service-requests.ts';
import type { AskNotificationService } from './notification-service/notification-services.ts';
import { PasswordRecovery } from './password-recovery/password-recovery.ts';
import { PasswordReset } from './password-recovery/password-reset.ts';
import { AddressLimit } from './rate-limit/address-limit.ts';
import { ConfirmationMails } from './rate-limit/confirmation-mails.ts';
import { Pseudonyms } from './rate-limit/pseudonyms.ts';
import { FlowDoors } from './recovery-flow/flow-doors.ts';
import { PasswordRecoveryFlow } from './recovery-flow/password-recovery-flow.ts';
import { RecoveryFlows } from './recovery-flow/recovery-flows.ts';
import { UsernameRecoveryFlow } from './recovery-flow/username-recovery-flow.ts';
import { followAccountChanges } from './recovery/account-changes.ts';
import { DecoyIds } from './recovery/decoy-id.ts';
import { OneTimeCodes } from './recovery/one-time-codes.ts';
import { RecoveryEvents } from './recovery/recovery-events.ts';
import { ScimUsers } from './scim/scim-users.ts';
import { SelfRegistration } from './self-registration/self-registration.ts';
import type { RecoveryServiceSettings } from './service-settings.ts';
import { TenantFoundation } from './tenant/tenant-foundation.ts';
import { UserOnboarding } from './user-onboarding/user-onboarding.ts';
import { UsernameRecovery } from './username-recovery/username-recovery.ts';

/** What the parts are made of: open already, and closed by whoever opened it. */
interface Given {
  readonly config: DeploymentConfig;
  readonly settings: RecoveryServiceSettings;
  readonly database: Database;
  /** Called after a commit that wrote an event. */
  readonly wakeRelay: () => void;
  readonly thirdParties: ThirdParties;
  /** null: proofs of work. */
  readonly verifier: CaptchaVerifier | null;
  readonly askNotificationService: AskNotificationService;
  readonly log: Logger;
}

export type RecoveryServiceParts = ReturnType<typeof recoveryServiceParts>;

/** What the service can do, each part by itself; its doors open to these. */
export function recoveryServiceParts({ config, settings: { sealingPublicKey, signingPrivateKey }, database, wakeRelay, thirdParties, verifier, askNotificationService, log }: Given) {
  const { server } = config;
  const tenants = new Tenants(database);
  const names = new UserNames(tenants);
  const sessions = new Sessions(database);
  const stored = new StoredSettings(database);
  const roles = new Roles(database);
  const hasher = new PasswordHasher({ cost: config.passwordHashing });
  const audit = new AuditLog(database, log);
  const users = new UserManager({ database, store: new UserStore(), hasher, sessions, stored, config, audit, thirdParties, log });
  const settings = new ConnectorSettings(stored, () => users.config);
  const rateLimit = () => users.config.rateLimit;

  // What all instances share, and nobody else knows.
  const seed = JSON.stringify(signingPrivateKey);
  const oneTimeCodes = new OneTimeCodes(seed);
  const pseudonyms = new Pseudonyms(seed);
  const flows = new RecoveryFlows(database, seed, () => users.config.accountRecoveryApi);

  const signer = new EventSigner(signingPrivateKey);
  const sealer = new SecretSealer(sealingPublicKey);
  const events = new RecoveryEvents(new EventWriter(recoveryServiceSource, signer), { myAccountOf: (tenantDomain) => `${server.baseUrl}${pathOfTenant(tenantDomain)}/myaccount`, defaultLocale: config.delivery.defaultLocale });
  const notificationService = new NotificationServiceRequests(new RequestSigner(recoveryServiceSource, signer), askNotificationService);

  const mailsPerHour = () => (rateLimit().enable ? rateLimit().mailsPerAccountPerHour : null);
  const confirmationMails = new ConfirmationMails(pseudonyms, mailsPerHour);
  followAccountChanges({ users, settings, sealer, events, oneTimeCodes, confirmationMails });
  const mailing = {
    database,
    users,
    settings,
    sealer,
    events,
    decoyIds: new DecoyIds(seed),
    tells: () => users.config.passwordRecovery.tells,
    limits: () => ({ ...users.config.passwordRecovery, mailsPerAccountPerHour: mailsPerHour() }),
    wakeRelay,
    log,
  };
  const passwordRecovery = new PasswordRecovery({ ...mailing, roles, oneTimeCodes });
  const passwordReset = new PasswordReset({ ...mailing, roles });
  const usernameRecovery = new UsernameRecovery({ ...mailing, pseudonyms });
  const selfRegistration = new SelfRegistration({ ...mailing, confirmationMails });
  const onboarding = new UserOnboarding({ ...mailing, selfRegistration });

  const addresses = new ClientAddresses(server.trustedProxies);
  const signIns = new SignIns({ database, users, hasher, addresses, pseudonyms, settings: rateLimit, audit, log });
  // Apart from the pages: whoever floods those does not stop a portal behind the same address.
  const credentialsLimit = new AddressLimit('credentials', database, addresses, pseudonyms, rateLimit);

  return {
    tenants,
    names,
    sessions,
    roles,
    hasher,
    audit,
    users,
    settings,
    notificationService,
    passwordRecovery,
    passwordReset,
    usernameRecovery,
    selfRegistration,
    addresses,
    signIns,
    credentialsLimit,
    pagesLimit: new AddressLimit('pages', database, addresses, pseudonyms, rateLimit),
    admission: new Admission({ basic: new BasicAuthentication({ signIns, addressLimit: credentialsLimit, addresses, names }), sessions, users, roles }),
    passwordFlow: new PasswordRecoveryFlow({ ...mailing, recovery: passwordRecovery, passwordReset, flows, oneTimeCodes }),
    usernameFlow: new UsernameRecoveryFlow({ ...mailing, recovery: usernameRecovery, flows }),
    flowDoors: new FlowDoors(names, () => users.config.accountRecoveryApi.enableV1),
    captcha: new Captcha(database, settings, verifier ?? new ProofOfWork(seed, config.captcha)),
    addressVerification: new AddressVerification({ ...mailing, confirmationMails }),
    forcedResets: new ForcedResetWorker({ database, users, roles, log }),
    tenantFoundation: new TenantFoundation(tenants, users, roles),
    connectors: new GovernanceConnectors(stored, () => users.config, shippedConfig(server.baseUrl)),
    eventReader: new EventReader(config.keys.publishers),
    mailTemplates: new MailTemplateRequests(notificationService),
    deliveries: new DeliveryRequests(notificationService),
    bounceWebhooks: new BounceWebhooks(config.bounceWebhooks),
    scimUsers: new ScimUsers(users, onboarding, names, server.baseUrl),
    idempotency: new Idempotency(database, seed, audit, log),
  };
}
