import { dottedKey } from './key-path.ts';
import { knownKeysAt } from './schema.ts';
import { aKey, load } from './testing/deployment-texts.ts';
import { wso2Deployment } from './testing/wso2-deployment.ts';

type Told = Record<string, readonly [value: string | null, source: string]>;

/** By key. */
function told(toml: string | readonly string[], environment: Readonly<Record<string, string>> = {}): Told {
  return Object.fromEntries(load(toml, environment).effective().map(({ path, value, source }) => [dottedKey(path), [value, source]]));
}

describe('the effective values', () => {
  it('have a line for every key, also where nobody says anything', () => {
    const keys = Object.keys(told(''));
    const every = (at: readonly string[]): string[] => (knownKeysAt(at) ?? []).flatMap((key) => (knownKeysAt([...at, key]) === null ? [[...at, key].join('.')] : every([...at, key])));
    const anyKeys = ['secrets', 'captcha.properties', 'delivery.retention_of_tenant'];
    const unset = ['database.identity_db', 'database.notification_db', 'kafka', 'output_adapter.email'];
    expect(every([]).filter((key) => !anyKeys.includes(key) && !keys.includes(key) && !unset.some((table) => key.startsWith(table)))).toEqual([]);
    expect(told('')).toMatchObject({ kafka: [null, 'default'], 'server.offset': ['0', 'default'], 'identity_mgt.password_policy.pattern': [null, 'default'], event_listener: [null, 'default'] });
  });

  it('are told as a file writes them, with the place in it', () => {
    expect(told('[server]\n  hostname = "id.example.com"\n\n[event.default_listener.identity_mgt]\npriority = "51"\n[identity_mgt.password_reset_email]\nreset_mail_validity = "90m"')).toMatchObject({
      'server.hostname': ['"id.example.com"', 'deployment.toml:2:3'],
      'event.default_listener.identity_mgt.priority': ['"51"', 'deployment.toml:5:1'],
      'identity_mgt.password_reset_email.reset_mail_validity': ['"90m"', 'deployment.toml:7:1'],
      'identity_mgt.password_reset_email.cooldown': ['"60s"', 'default'],
    });
  });

  it('tell of the layer that speaks, and of elements of joined lists too', () => {
    const mine = '[[event_listener]]\nid = "mine"\norder = 1\nmodule = "a"\n[server]\noffset = 3';
    const theirs = '[server]\noffset = 9\nhostname = "beneath.test"\n[[event_listener]]\nid = "theirs"\norder = 2\nmodule = "b"';
    expect(told([mine, theirs])).toMatchObject({
      'server.offset': ['3', 'deployment.toml:6:1'],
      'server.hostname': ['"beneath.test"', 'beneath-1.toml:3:1'],
      'event_listener[0].id': ['"mine"', 'deployment.toml:2:1'],
      'event_listener[1].id': ['"theirs"', 'beneath-1.toml:5:1'],
      'event_listener[1].time_limit': ['"2s"', 'default'],
    });
  });

  it('say what placeholders stand for, and name them', () => {
    expect(told('[server]\nhostname = "$env{HOST}"\nbase_path = "https://$ref{server.hostname}"', { HOST: 'id.example.com' })).toMatchObject({
      'server.hostname': ['"id.example.com"', 'deployment.toml:2:1, from $env{HOST}'],
      'server.base_path': ['"https://id.example.com"', 'deployment.toml:3:1, from $ref{server.hostname}'],
    });
  });

  it('tell those that are made of others', () => {
    expect(told('[server]\nhostname = "id.example.com"')).toMatchObject({
      'server.base_path': ['"https://id.example.com:9443"', 'default'],
      'identity_mgt.recovery.callback_url': [expect.stringContaining('id\\\\.example\\\\.com'), 'default'],
    });
  });

  it('have the keys of a table before the tables in it, so that they can be read as a file', () => {
    const keys = Object.keys(told('[[event_listener]]\nid = "mine"\norder = 1\nmodule = "a"\nproperties = { a = "b" }')).filter((key) => key.startsWith('event_listener[0]'));
    expect(keys.at(-1)).toBe('event_listener[0].properties.a');
  });
});

describe('properties of third parties among the effective values', () => {
  const shownAs = (line: string) => Object.entries(told(`[[event_listener]]\nid = "mine"\norder = 1\nmodule = "a"\n[event_listener.properties]\n${line}`, { SIEM: 'hunter2' })).find(([key]) => key.startsWith('event_listener[0].properties.'))?.[1][0];

  it.each([
    'signature = "$env{SIEM}"', 'hmacKey = "hunter2"', 'pwd = "hunter2"', 'authorization = "Bearer hunter2"', 'signingKey = "hunter2"', 'SALT = "hunter2"', 'api_key_2 = "hunter2"',
    'sentry_dsn = "https://hunter2@sentry.example.com/1"', 'store = "postgres://rekey:hunter2/x@db.example.com/a"',
  ])('are masked where they may be secret: %s', (line) => {
    expect(shownAs(line)).toBe('"********"');
  });

  it.each([['url = "https://siem.example.com:8443/in"', '"https://siem.example.com:8443/in"'], ['from = "22:00"', '"22:00"'], ['keyboard = "de"', '"de"']])('are told where they are not: %s', (line, value) => {
    expect(shownAs(line)).toBe(value);
  });

  it('are masked in the same way where they are of [captcha]', () => {
    expect(told('[captcha.properties]\nsite = "$env{SIEM}"\nurl = "https://captcha.example.com"', { SIEM: 'hunter2' })).toMatchObject({ 'captcha.properties.site': ['"********"', expect.any(String)], 'captcha.properties.url': ['"https://captcha.example.com"', expect.any(String)] });
  });

  it('do not hide what other tables of that name take from the environment', () => {
    expect(told('[transport.https.properties]\nport = "$env{PORT}"', { PORT: '9444' })['transport.https.properties.port']?.[0]).toBe('"9444"');
  });
});

describe('secrets among the effective values', () => {
  const sealing = aKey('x25519');
  const signing = aKey('ed25519');
  const secrets = ['hunter2', 'in-the-environment', 'aliased', 'of-wso2-alone', sealing.secretPart, signing.secretPart];
  const toml = `
[super_admin]
password = "hunter2"
[output_adapter.email]
hostname = "relay"
from_address = "a@b.test"
username = "$secret{mail_user}"
password = "$env{MAIL_PASSWORD}"
signature = "to $ref{output_adapter.email.password}"
[database.identity_db]
name = "a"
username = "b"
password = "$ref{super_admin.password}"
[keys.sealing]
public_key = '${sealing.publicKey}'
private_keys = ['${sealing.privateKey}']
[keys.signing]
private_key = '${signing.privateKey}'
[[event_listener]]
id = "mine"
order = 1
module = "a"
[event_listener.properties]
apiKey = "hunter2"
webhook_secret = "hunter2"
url = "https://siem.example.com"
other_url = "https://rekey:hunter2@siem.example.com"
borrowed = "$ref{keystore.primary.password}"
[keystore.primary]
password = "of-wso2-alone"
[secrets]
mail_user = "aliased"
`;

  it('are never told, however they came there, but where they stand is', () => {
    const values = told(toml, { MAIL_PASSWORD: 'in-the-environment' });
    const masked = '"********"';
    expect(values).toMatchObject({
      'super_admin.password': [masked, 'deployment.toml:3:1'],
      'output_adapter.email.username': [masked, 'deployment.toml:7:1, from $secret{mail_user}'],
      'output_adapter.email.password': [masked, 'deployment.toml:8:1, from $env{MAIL_PASSWORD}'],
      'output_adapter.email.signature': [masked, expect.any(String)],
      'database.identity_db.password': [masked, expect.any(String)],
      'keys.sealing.private_keys': [`[${masked}]`, expect.any(String)],
      'keys.signing.private_key': [masked, expect.any(String)],
      'event_listener[0].properties.apiKey': [masked, expect.any(String)],
      'event_listener[0].properties.webhook_secret': [masked, expect.any(String)],
      'event_listener[0].properties.other_url': [masked, expect.any(String)],
      'event_listener[0].properties.borrowed': [masked, expect.any(String)],
      'event_listener[0].properties.url': ['"https://siem.example.com"', expect.any(String)],
      'secrets.mail_user': [masked, 'deployment.toml:32:1'],
    });
    expect(values['keys.sealing.public_key']?.[0]).toContain('X25519');
    for (const secret of secrets) expect(JSON.stringify(values)).not.toContain(secret);
  });

  it('are masked where they are the defaults too', () => {
    expect(told('')['super_admin.password']).toEqual(['"********"', 'default']);
  });

  it('of a whole WSO2 file are never told', () => {
    const values = JSON.stringify(told(wso2Deployment, { WSO2_ADMIN_PASSWORD: 'hunter2', WSO2_MAIL_PASSWORD: 'in-the-environment' }));
    for (const secret of ['hunter2', 'in-the-environment', '[change me']) expect(values).not.toContain(secret);
  });
});
