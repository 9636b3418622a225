import { aKey, faultOf, load } from '../testing/deployment-texts.ts';

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
