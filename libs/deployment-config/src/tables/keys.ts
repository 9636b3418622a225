import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { arrayOfTables, list, table } from '../table.ts';
import { firstRepeated } from '../unique-names.ts';
import { publicUrl } from '../values/addresses.ts';
import { jwk, type Jwk } from '../values/keys.ts';
import { text } from '../values/scalars.ts';

/** JSON Web Keys, each as JSON text in the file (`$env{}` in production; made at first start in the local modes). */
export interface KeySettings {
  /** `keys.sealing.public_key`: X25519, of the notification service; `kid` inside the JWK. */
  readonly sealingPublicKey: Jwk | null;
  /** `keys.sealing.private_keys`: every key that may still be in use, newest first. Only the notification service has them. */
  readonly sealingPrivateKeys: readonly Jwk[];
  /** `keys.signing.private_key`: Ed25519, of this service. */
  readonly signingPrivateKey: Jwk | null;
  /** `[[event_publisher]]`: who may publish. */
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

export const keysToml = table({
  sealing: table({ public_key: jwk('X25519', 'public').optional(), private_keys: list(jwk('X25519', 'private'), 'a list of keys').prefault([]) }).prefault({}),
  signing: table({ private_key: jwk('Ed25519', 'private').optional() }).prefault({}),
}).prefault({});

export const eventPublishersToml = arrayOfTables('event_publisher', {
  source: text(),
  public_key: jwk('Ed25519', 'public'),
  link_bases: list(publicUrl, 'a list of URLs').prefault([]),
  events: list(text('an event type'), 'a list of event types').optional(),
  tenants: list(text('a tenant domain'), 'a list of tenant domains').optional(),
}).prefault([]);

/** @throws DeploymentConfigError where the `kid` of an event or a sealed secret would lead to two keys */
export function keySettings({ sealing, signing }: z.output<typeof keysToml>, publishers: z.output<typeof eventPublishersToml>, layers: DeploymentLayers): KeySettings {
  const kidAgain = firstRepeated(sealing.private_keys.map(({ kid }) => kid));
  if (kidAgain !== -1) throw layers.refusal(['keys', 'sealing', 'private_keys', kidAgain], 'the "kid" of this key is another one\'s too: one of them could never be chosen');
  const publisherAgain = firstRepeated(publishers.map(({ source, public_key: { kid } }) => JSON.stringify([source, kid])));
  if (publisherAgain !== -1) throw layers.refusal(['event_publisher', publisherAgain, 'public_key'], 'this source has a key of the same "kid" already');
  return {
    sealingPublicKey: sealing.public_key ?? null,
    sealingPrivateKeys: sealing.private_keys,
    signingPrivateKey: signing.private_key ?? null,
    publishers: publishers.map(({ source, public_key: publicKey, link_bases: linkBases, events: eventTypes, tenants }) => ({ source, publicKey, linkBases, eventTypes, tenants })),
  };
}
