import { createPublicKey } from 'node:crypto';
import type { BounceProviderName, BounceWebhookSettings } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import type { DeploymentToml } from './schema.ts';

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
export function bounceWebhookSettings(webhooks: DeploymentToml['bounce_webhook'], layers: DeploymentLayers): readonly BounceWebhookSettings[] {
  for (const [index, { name, provider, secrets }] of webhooks.entries()) {
    if (webhooks.findIndex((other) => other.name === name) < index) throw layers.refusal(['bounce_webhook', index, 'name'], 'another bounce webhook is called so already');
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
