import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { RunningValues } from '@rekey/deployment-config';
import type { Database, OutboxRelay } from '@rekey/messaging';
import type { Health, Logger, Metrics } from '@rekey/observability';
import { shownPasswordPolicies } from './password-policy/shown-password-policy.ts';
import type { RecoveryServiceParts } from './recovery-service-parts.ts';

/** What doors ask for beside the parts. */
interface Surroundings {
  readonly database: Database;
  readonly relay: OutboxRelay;
  readonly health: Health;
  readonly running: RunningValues;
  readonly metrics: Metrics | null;
  readonly baseUrl: string;
  readonly log: Logger;
}

/** What the doors open to: objects by their classes, and by name what has none, or of which there are several. */
export function providersOf(parts: RecoveryServiceParts, { database, relay, health, running, metrics, baseUrl, log }: Surroundings): Provider[] {
  const { admission, credentialsLimit, ...byClass } = parts;
  const { users, settings } = parts;
  return [
    ...[database, relay, health, running, ...Object.values(byClass)].map((part) => ({ provide: part.constructor, useValue: part })),
    { provide: 'log', useValue: log },
    { provide: 'metrics', useValue: metrics },
    { provide: 'baseUrl', useValue: baseUrl },
    { provide: 'credentialsLimit', useValue: credentialsLimit },
    { provide: 'passwordPolicy', useValue: shownPasswordPolicies(settings, () => users.config) },
    { provide: 'cooldownSeconds', useValue: () => users.config.passwordRecovery.cooldownSeconds },
    { provide: 'preservesSession', useValue: () => users.config.passwordUpdate.preserveLoggedInSession },
    { provide: APP_GUARD, useValue: admission },
  ];
}
