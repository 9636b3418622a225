import { aKey, faultOf, load } from './testing/deployment-texts.ts';

const secret = 'correct-horse-battery-staple';

describe('a secret in the file', () => {
  it.each([
    ['[super_admin]\npassword = 4815162342', '4815162342'],
    ['[super_admin]\npassword = ["correct-horse-battery-staple"]', secret],
    ['[super_admin]\npassword = { plain = "correct-horse-battery-staple" }', secret],
    ['[secrets]\nmail = [ "correct-horse-battery-staple" ]', secret],
    ['[database.identity_db]\nname = "a"\nusername = "b"\npassword = 4815162342', '4815162342'],
    ['[output_adapter.email]\nhostname = "a"\nfrom_address = "a@b.test"\npassword = 4815162342', '4815162342'],
    ['[kafka]\nbrokers = ["a:1"]\nsasl = { mechanism = "plain", username = "a", password = 4815162342 }', '4815162342'],
    ['[kafka]\nbrokers = ["a:1"]\nsasl = { mechanism = "correct-horse-battery-staple", username = "a", password = "b" }', secret],
    ['[output_adapter]\nemail = "smtp://me:correct-horse-battery-staple@relay"', secret],
    ['database.identity_db = "postgres://me:correct-horse-battery-staple@host/db"', secret],
    ['[keys.signing]\nprivate_key = "correct-horse-battery-staple"', secret],
    ['[keys.sealing]\nprivate_keys = ["correct-horse-battery-staple"]', secret],
    ['[keys.sealing]\nprivate_keys = "correct-horse-battery-staple"', secret],
    ['[[event_publisher]]\nsource = "a"\npublic_key = "correct-horse-battery-staple"', secret],
  ])('is not shown when it is refused: %j', (toml, hidden) => {
    const message = faultOf(toml);
    expect(message).toMatch(/^deployment\.toml:\d+:\d+: [a-z_.0-9[\]]+: expected .+, got a /);
    expect(message).not.toContain(hidden);
  });

  it.each(['server.offset', 'server.hostname', 'server.base_path', 'delivery.default_locale', 'identity_mgt.recovery.callback_url', 'identity_mgt.password_reset_email.reset_mail_validity', 'event.default_listener.identity_mgt.enable'])(
    'is not shown when it was put into %s by mistake: the text is told as it is written',
    (key) => {
      const message = faultOf(`${key} = "$env{MAIL_PASSWORD}"`, { MAIL_PASSWORD: `(${secret} ` });
      expect(message).toMatch(/got "\$env\{MAIL_PASSWORD\}"$/);
      expect(message).not.toContain(secret);
      const referring = faultOf(`${key} = "$secret{mail}"\n[secrets]\nmail = "(${secret} "`);
      expect(referring).toMatch(/got "\$secret\{mail\}"$/);
      expect(referring).not.toContain(secret);
    },
  );
});

describe('a password in an address', () => {
  it.each([
    'server.base_path = "https://user:topsecret@id.example.com"',
    'server.base_path = "user:topsecret@id.example.com"',
    'kafka.brokers = ["user:topsecret@kafka.example.com:9092"]',
    `[[event_publisher]]\nsource = "a"\npublic_key = '${aKey('ed25519').publicKey}'\nlink_bases = ["https://user:topsecret@id.example.com"]`,
  ])('is not shown when it is refused: %s', (toml) => {
    expect(faultOf(toml)).toMatch(/: expected .+, got a text$/);
    expect(faultOf(toml)).not.toContain('topsecret');
  });
});

describe('keys', () => {
  const sealing = aKey('x25519', 'sealing-1');
  const signing = aKey('ed25519', 'signing-1');
  const publisher = (source: string, publicKey: string, linkBases = '["https://id.example.com/"]') => `[[event_publisher]]\nsource = "${source}"\npublic_key = '${publicKey}'\nlink_bases = ${linkBases}\n`;

  it('are read from JSON text, and from the environment', () => {
    const { config } = load(
      `[keys.sealing]\npublic_key = '${sealing.publicKey}'\nprivate_keys = ["$env{SEALING}"]\n[keys.signing]\nprivate_key = '''\n${JSON.stringify(JSON.parse(signing.privateKey), null, 2)}\n'''\n${publisher('urn:a', signing.publicKey)}`,
      { SEALING: sealing.privateKey },
    );
    expect(config.keys.sealingPublicKey).toEqual(JSON.parse(sealing.publicKey));
    expect(config.keys.sealingPrivateKeys).toEqual([JSON.parse(sealing.privateKey)]);
    expect(config.keys.signingPrivateKey).toEqual(JSON.parse(signing.privateKey));
    expect(config.keys.publishers).toEqual([{ source: 'urn:a', publicKey: JSON.parse(signing.publicKey), linkBases: ['https://id.example.com'] }]);
  });

  it.each([
    ['a private key where the public one belongs', `[keys.sealing]\npublic_key = '${sealing.privateKey}'`, 'keys.sealing.public_key: expected the public part of an X25519 key'],
    ['a private key of a publisher', publisher('urn:a', signing.privateKey), 'event_publisher[0].public_key: expected the public part of an Ed25519 key'],
    ['a public key where the private one belongs', `[keys.signing]\nprivate_key = '${signing.publicKey}'`, 'keys.signing.private_key: expected the private part of an Ed25519 key'],
    ['a signing key for sealing', `[keys.sealing]\nprivate_keys = ['${signing.privateKey}']`, 'keys.sealing.private_keys[0]: expected the private part of an X25519 key'],
    ['a key without kid', `[keys.signing]\nprivate_key = '${signing.privateKey.replace('kid', 'name')}'`, 'keys.signing.private_key: expected the private part of an Ed25519 key'],
    ['a key cut short', `[keys.signing]\nprivate_key = '${signing.privateKey.replace(signing.secretPart, signing.secretPart.slice(1))}'`, 'keys.signing.private_key: expected the private part of an Ed25519 key'],
  ])('are refused: %s', (_what, toml, message) => {
    expect(faultOf(toml)).toContain(message);
    for (const hidden of [signing.secretPart, sealing.secretPart]) expect(faultOf(toml)).not.toContain(hidden.slice(1));
  });

  it('of one kid are refused: one of them could never be chosen', () => {
    const other = aKey('x25519', 'sealing-1');
    expect(faultOf(`[keys.sealing]\nprivate_keys = ['${sealing.privateKey}', '${other.privateKey}']`)).toMatch(/^deployment\.toml:2:1: keys\.sealing\.private_keys\[1\]: the "kid" of this key is another one's too/);
    expect(faultOf(publisher('urn:a', signing.publicKey) + publisher('urn:a', signing.publicKey))).toMatch(/^deployment\.toml:7:1: event_publisher\[1\]\.public_key: this source has a key of the same "kid" already/);
  });

  it('of one publisher may be several, for rotation', () => {
    const next = aKey('ed25519', 'signing-2');
    expect(load(publisher('urn:a', signing.publicKey) + publisher('urn:a', next.publicKey)).config.keys.publishers.map(({ publicKey }) => publicKey.kid)).toEqual(['signing-1', 'signing-2']);
  });

  it('of a publisher may say some types about some tenants alone', () => {
    const { config } = load(`${publisher('urn:a', signing.publicKey)}events = ["PasswordRecoveryRequested"]\ntenants = ["acme.example"]`);
    expect(config.keys.publishers).toMatchObject([{ eventTypes: ['PasswordRecoveryRequested'], tenants: ['acme.example'] }]);
    expect(faultOf(`${publisher('urn:a', signing.publicKey)}events = "PasswordRecoveryRequested"`)).toContain('event_publisher[0].events: expected a list of event types');
  });

  it('of publishers in several layers are joined, and a fault is found in the right one', () => {
    expect(load([publisher('urn:own', signing.publicKey), publisher('urn:local', signing.publicKey)]).config.keys.publishers.map(({ source }) => source)).toEqual(['urn:own', 'urn:local']);
    const above = publisher('urn:one', signing.publicKey) + publisher('urn:two', signing.publicKey);
    const beneath = publisher('urn:three', signing.publicKey) + publisher('urn:four', signing.publicKey, '["http://four.test"]');
    expect(faultOf([above, beneath])).toMatch(/^beneath-1\.toml:8:1: event_publisher\[3\]\.link_bases\[0\]: expected an https URL .*, got "http:\/\/four\.test"$/);
    expect(faultOf([above, publisher('urn:three', 'no key')])).toMatch(/^beneath-1\.toml:3:1: event_publisher\[2\]\.public_key: /);
    expect(faultOf([`${above}colour = 1`, beneath])).toMatch(/^deployment\.toml:9:1: event_publisher\[1\]\.colour: there is no such key/);
  });

  it.each(['"https://ok.test/?a=b"', '"https://me:pw@ok.test"', '"https://ok.test/#top"', '"ok.test"', '"https://ok.test\\\\x"', '5'])('have no link base %s', (base) => {
    expect(faultOf(publisher('urn:a', signing.publicKey, `[${base}]`))).toContain('event_publisher[0].link_bases[0]: expected an https URL');
  });
});
