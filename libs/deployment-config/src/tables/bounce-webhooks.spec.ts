import { generateKeyPairSync } from 'node:crypto';
import { faultOf, load } from '../testing/deployment-texts.ts';

const webhook = (name: string, provider: string, ...secrets: readonly string[]) => `[[bounce_webhook]]\nname = "${name}"\nprovider = "${provider}"\nsecrets = ${JSON.stringify(secrets)}\n`;
const publicKeyOf = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

describe('a bounce webhook', () => {
  it('has what its provider proves itself with, and more than one while that is replaced', () => {
    const [long, key] = ['topsecret'.repeat(4), publicKeyOf('prime256v1')];
    const toml = webhook('own', 'generic', long, `${long}2`) + webhook('pm', 'postmark', `rekey:${long}`) + webhook('mg', 'mailgun', long) + webhook('sg', 'sendgrid', key) + webhook('aws', 'ses', `rekey:${long}`);
    expect(load(toml).config.bounceWebhooks).toEqual([
      { name: 'own', provider: 'generic', secrets: [long, `${long}2`] },
      { name: 'pm', provider: 'postmark', secrets: [`rekey:${long}`] },
      { name: 'mg', provider: 'mailgun', secrets: [long] },
      { name: 'sg', provider: 'sendgrid', secrets: [key] },
      { name: 'aws', provider: 'ses', secrets: [`rekey:${long}`] },
    ]);
    expect(JSON.stringify(load(toml).effective())).not.toContain('topsecret');
  });

  it.each([
    [webhook('a', 'generic', 'topsecret'), 'bounce_webhook[0].secrets[0]: expected a text of at least 32 characters, got a text'],
    [webhook('a', 'postmark', 'topsecret'.repeat(4)), 'bounce_webhook[0].secrets[0]: expected "name:password"'],
    [webhook('a', 'mailgun', 'topsecret'), 'bounce_webhook[0].secrets[0]: expected the HTTP webhook signing key'],
    [webhook('a', 'sendgrid', 'topsecret'), 'bounce_webhook[0].secrets[0]: expected the verification key of SendGrid'],
    [webhook('a', 'sendgrid', publicKeyOf('secp384r1')), 'bounce_webhook[0].secrets[0]: expected the verification key of SendGrid'],
    [webhook('a', 'generic'), 'bounce_webhook[0].secrets: expected at least one secret'],
    [webhook('a', 'ses', 'rekey:topsecret'), 'bounce_webhook[0].secrets[0]: expected "name:password"'],
    [webhook('a', 'sns', 'topsecret'), 'bounce_webhook[0].provider: expected "generic", "postmark", "mailgun", "sendgrid" or "ses"'],
    [webhook('a b', 'mailgun', 'topsecret'.repeat(4)), 'bounce_webhook[0].name: expected a name of letters'],
    [webhook('a', 'mailgun', 'topsecret'.repeat(4)).repeat(2), 'bounce_webhook[1].name: another bounce webhook is called "a" already: give each a name of its own'],
  ])('is refused, and shows no secret, where it says %j', (toml, message) => {
    const fault = faultOf(toml);
    expect(fault).toContain(message);
    expect(fault).not.toContain('topsecret');
  });
});
