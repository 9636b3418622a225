import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { arrayOfTables, list } from '../table.ts';
import { refuseRepeatedNames } from '../unique-names.ts';
import { webhookUrl } from '../values/addresses.ts';
import { choice, shortName, text, toggle } from '../values/scalars.ts';

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

export const eventWebhooksToml = arrayOfTables('event_webhook', {
  name: shortName.optional(),
  url: webhookUrl,
  events: list(choice(outcomeTypes), 'a list of event types').min(1, 'at least one event type').prefault([...outcomeTypes]),
  tenants: list(text('a tenant domain'), 'a list of tenant domains').optional(),
  sources: list(text('the source of a publisher'), 'a list of sources').optional(),
  enable: toggle.prefault(true),
  allow_private: toggle.prefault(false),
}).prefault([]);

/** @throws DeploymentConfigError where two have one name */
export function eventWebhookSettings(webhooks: z.output<typeof eventWebhooksToml>, layers: DeploymentLayers): readonly WebhookSettings[] {
  const settings = webhooks.map(({ name, url, events, tenants, sources, enable, allow_private: allowPrivate }) => ({ name: name ?? new URL(url).hostname, url, events, tenants, sources, enable, allowPrivate }));
  refuseRepeatedNames('webhook', settings.map(({ name }) => name), (index) => ['event_webhook', index, webhooks[index]?.name === undefined ? 'url' : 'name'], layers);
  return settings;
}
