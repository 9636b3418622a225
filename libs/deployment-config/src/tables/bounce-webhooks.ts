import { createPublicKey } from 'node:crypto';
import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { arrayOfTables, list } from '../table.ts';
import { refuseRepeatedNames } from '../unique-names.ts';
import { choice, secretText, shortName } from '../values/scalars.ts';

/** Whose reports are understood; `generic` is Rekey's own form. */
const bounceProviders = ['generic', 'postmark', 'mailgun', 'sendgrid', 'ses'] as const;
export type BounceProviderName = (typeof bounceProviders)[number];

export interface BounceWebhookSettings {
  /** The end of its address. */
  readonly name: string;
  readonly provider: BounceProviderName;
  /** Any of them is believed, so that one can be replaced: shared keys, `name:password` of Postmark, the public key of SendGrid. */
  readonly secrets: readonly string[];
}

export const bounceWebhooksToml = arrayOfTables('bounce_webhook', {
  name: shortName,
  provider: choice(bounceProviders),
  secrets: list(secretText, 'a list of texts').min(1, 'at least one secret').max(4, 'at most four secrets: the one in use, and those that are on their way out'),
}).max(20, 'at most twenty').prefault([]);

interface SecretForm {
  readonly expected: string;
  fits(secret: string): boolean;
}

const nameAndPassword: SecretForm = { expected: '"name:password", with a password of at least 16 characters', fits: (secret) => /^[^:]+:.{16,}$/s.test(secret) };

/** What each provider proves itself with. Whoever guesses it could keep mails from people, so none of them is short. */
const forms: Readonly<Record<BounceProviderName, SecretForm>> = {
  generic: { expected: 'a text of at least 32 characters', fits: (secret) => secret.length >= 32 },
  postmark: nameAndPassword,
  mailgun: { expected: 'the HTTP webhook signing key of Mailgun', fits: (secret) => secret.length >= 16 },
  sendgrid: { expected: 'the verification key of SendGrid, a P-256 public key in base64', fits: isP256Key },
  ses: nameAndPassword,
};

/** @throws DeploymentConfigError where two have one name, or a secret cannot be what its provider has */
export function bounceWebhookSettings(webhooks: z.output<typeof bounceWebhooksToml>, layers: DeploymentLayers): readonly BounceWebhookSettings[] {
  refuseRepeatedNames('bounce webhook', webhooks.map(({ name }) => name), (index) => ['bounce_webhook', index, 'name'], layers);
  for (const [index, { provider, secrets }] of webhooks.entries()) {
    const { expected, fits } = forms[provider];
    const wrong = secrets.findIndex((secret) => !fits(secret));
    if (wrong !== -1) throw layers.unexpected(['bounce_webhook', index, 'secrets', wrong], expected, 'kind');
  }
  return webhooks;
}

function isP256Key(base64: string): boolean {
  try {
    return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
