import { generateKeyPairSync } from 'node:crypto';
import { loadDeploymentConfig, type LoadedDeployment } from '../load-deployment-config.ts';

const load = (toml: string): LoadedDeployment => loadDeploymentConfig([{ name: 'deployment.toml', toml }], {});
const relaysOf = (toml: string) => load(toml).config.email?.relays;
const first = '[output_adapter.email]\nhostname = "smtp.example.com"\nfrom_address = "a@b.test"\nenable_authentication = false\n';
const more = (lines: string) => `${first}[[output_adapter.email.relay]]\nhostname = "backup.example.com"\nenable_authentication = false\n${lines}`;

describe('mail relays', () => {
  it('are one, where the file names one, as WSO2 has it', () => {
    expect(load(first).config.email).toEqual({
      fromAddress: 'a@b.test',
      fromName: 'Rekey',
      dkim: null,
      relays: [{ name: 'smtp.example.com', host: 'smtp.example.com', port: 587, priority: 1, tls: 'starttls', credentials: null, connections: 20, mailsPerSecond: null }],
    });
  });

  it('are more, each with what it needs, and stand behind the first unless they say otherwise', () => {
    const backup = '[[output_adapter.email.relay]]\nname = "backup"\nhostname = "backup.example.com"\nport = "465"\nusername = "me"\npassword = "p"\nmax_connections = 2\nmails_per_second = "0.5"\n';
    const equal = '[[output_adapter.email.relay]]\nname = "equal"\nhostname = "smtp.example.com"\npriority = 1\ntls = "opportunistic"\nenable_authentication = false\n';
    expect(relaysOf(`[delivery]\nconcurrency = 7\n${first}name = "main"\n${backup}${equal}`)).toEqual([
      { name: 'main', host: 'smtp.example.com', port: 587, priority: 1, tls: 'starttls', credentials: null, connections: 7, mailsPerSecond: null },
      { name: 'backup', host: 'backup.example.com', port: 465, priority: 2, tls: 'implicit', credentials: { username: 'me', password: 'p' }, connections: 2, mailsPerSecond: 0.5 },
      { name: 'equal', host: 'smtp.example.com', port: 587, priority: 1, tls: 'opportunistic', credentials: null, connections: 7, mailsPerSecond: null },
    ]);
  });

  it.each<[string, string]>([
    ['', 'starttls'],
    ['enable_start_tls = false\n', 'none'],
    ['enable_start_tls = false\nport = 465\n', 'implicit'],
    ['port = 465\n', 'implicit'],
    ['port = 465\ntls = "starttls"\n', 'starttls'],
    ['port = 2465\ntls = "implicit"\n', 'implicit'],
    ['tls = "opportunistic"\n', 'opportunistic'],
    ['hosts_without_tls = ["smtp.example.com"]\n', 'none'],
    ['hosts_without_tls = ["smtp.example.com"]\ntls = "starttls"\n', 'starttls'],
  ])('are reached as the file says: %j', (lines, tls) => {
    expect(relaysOf(`${first}${lines}`)?.[0]?.tls).toBe(tls);
  });

  it('are warned of where mails could be read on their way', () => {
    expect(load(more('tls = "none"\n')).warnings).toEqual(['output_adapter.email: TLS is turned off: mails, and the recovery links in them, go to backup.example.com in the clear']);
    expect(load(`${first}tls = "opportunistic"\n`).warnings).toEqual(['output_adapter.email: TLS is not required: mails, and the recovery links in them, may go to smtp.example.com in the clear']);
  });

  it.each([
    [more('name = "smtp.example.com"\n'), 'deployment.toml:5:1: output_adapter.email.relay[0]: another relay is called "smtp.example.com" already: give each a name of its own'],
    [more('name = "a b"\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].name: expected a name of letters, digits, ".", "-" and "_", got "a b"'],
    [more('priority = 0\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].priority: expected a whole number from 1 to 1000, got 0'],
    [more('tls = "on"\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].tls: expected "starttls" (required), "opportunistic", "implicit" or "none", got a text'],
    [more('mails_per_second = 0\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].mails_per_second: expected a number from 0.01 to 10000, got 0'],
    [more('max_connections = "many"\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].max_connections: expected a whole number from 1 to 1000, got "many"'],
    [more('from_address = "x@b.test"\n'), 'deployment.toml:8:1: output_adapter.email.relay[0].from_address: there is no such key'],
    [more('prioritty = 3\n'), 'did you mean output_adapter.email.relay[0].priority?'],
    [`${first}[output_adapter.email.relay]\nhostname = "b"\n`, 'output_adapter.email.relay: expected a list of tables, each under [[output_adapter.email.relay]], got a table'],
    [`${first}[[output_adapter.email.relay]]\nhostname = "b"\n`, 'deployment.toml:5:1: output_adapter.email.relay[0]: expected username and password, or enable_authentication = false'],
    [`${first}[[output_adapter.email.relay]]\nhostname = "b"\nusername = "me"\npassword = "hunter22"\ntls = "none"\n`, 'deployment.toml:8:1: output_adapter.email.relay[0].password: without TLS it would go to b in the clear: expected TLS, or enable_authentication = false'],
    [`${first}enable_start_tls = true\ntls = "starttls"\n`, 'deployment.toml:6:1: output_adapter.email.tls: enable_start_tls says the same in another way: leave one of them out'],
    ['[delivery]\nconcurrency_per_domain = 0\n', 'deployment.toml:2:1: delivery.concurrency_per_domain: expected a whole number from 1 to 1000, got 0'],
  ])('are refused where they are not clear: %j', (toml, message) => {
    expect(() => load(toml)).toThrow(message);
  });

  it.each([[10, 8], [3, 2], [2, 1], [1, 1]])('of %d slots one domain has %d', (concurrency, perDomain) => {
    expect(load(`[delivery]\nconcurrency = ${concurrency}`).config.delivery.concurrencyPerDomain).toBe(perDomain);
  });
});

describe('the DKIM key', () => {
  const pemOf = (bits: number): string => generateKeyPairSync('rsa', { modulusLength: bits, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;
  const pem = pemOf(2_048);
  const dkim = (lines: string, key: string) => loadDeploymentConfig([{ name: 'deployment.toml', toml: `${first}[output_adapter.email.dkim]\nprivate_key = "$env{DKIM_KEY}"\n${lines}` }], { DKIM_KEY: key });

  it('is of the sender’s domain, or one above it, and may come in one line', () => {
    expect(dkim('selector = "s1"\n', pem).config.email?.dkim).toEqual({ domain: 'b.test', keys: [{ algorithm: 'rsa-sha256', selector: 's1', privateKey: pem }] });
    expect(dkim('selector = "s1"\ndomain = "TEST"\n', pem.replaceAll('\n', '\\n')).config.email?.dkim).toMatchObject({ domain: 'test', keys: [{ privateKey: pem }] });
  });

  it.each([
    ['no key', '-----BEGIN PRIVATE KEY-----\nhunter22\n-----END PRIVATE KEY-----\n'],
    ['too short', pemOf(1_024)],
    ['of another kind', ed25519],
  ])('is refused at the start where it is %s, and never shown', (_what, key) => {
    expect(() => dkim('selector = "s1"\n', key)).toThrow('deployment.toml:6:1: output_adapter.email.dkim.private_key: expected an RSA private key of at least 2048 bits, as PEM text, got a text');
  });

  it('may have an Ed25519 one beside it, under a selector of its own', () => {
    const both = (lines: string) => dkim(`selector = "s1"\n${lines}`, pem).config.email?.dkim?.keys;
    const key = `ed25519_private_key = "${ed25519.replaceAll('\n', '\\n')}"\n`;
    expect(both(`ed25519_selector = "s2"\n${key}`)).toEqual([{ algorithm: 'rsa-sha256', selector: 's1', privateKey: pem }, { algorithm: 'ed25519-sha256', selector: 's2', privateKey: ed25519 }]);
    for (const lines of [key, `ed25519_selector = "s1"\n${key}`]) expect(() => both(lines)).toThrow('output_adapter.email.dkim.ed25519_selector: expected a selector other than the one of the RSA key');
    expect(() => both('ed25519_selector = "s2"\n')).toThrow('output_adapter.email.dkim.ed25519_private_key: expected an Ed25519 private key, as PEM text');
    expect(() => both(`ed25519_selector = "s2"\ned25519_private_key = "${pem.replaceAll('\n', '\\n')}"\n`)).toThrow('ed25519_private_key: expected an Ed25519 private key, as PEM text, got a text');
  });

  it.each([
    ['selector = "a b"\n', 'output_adapter.email.dkim.selector: expected a selector such as "rekey2026", got "a b"'],
    ['', 'output_adapter.email.dkim.selector: expected a selector'],
    ['selector = "s1"\ndomain = "example.com"\n', 'deployment.toml:8:1: output_adapter.email.dkim.domain: expected the domain of from_address (b.test), or one above it, got "example.com"'],
  ])('is refused where its place in the DNS is not clear: %j', (lines, message) => {
    expect(() => dkim(lines, pem)).toThrow(message);
  });
});
