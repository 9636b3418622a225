import { faultOf, load } from './testing/deployment-texts.ts';

describe('values that would be dangerous (S44)', () => {
  it.each([
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = "1441m"', 'reset_mail_validity: expected a duration in whole minutes from "1m" to "24h": a link that works longer is a risk, got "1441m"'],
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = "25h"', 'got "25h"'],
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = 1441', 'got 1441'],
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = "0m"', 'got "0m"'],
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = "119s"', 'got "119s"'],
    ['[server]\nbase_path = "http://id.example.com"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "http://localhost.example.com"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "ftp://id.example.com"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "javascript:alert(1)"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "https://user@id.example.com"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "https://id.example.com/?next="', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "https://id.example.com/#"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "https://id.example.com\\\\@evil.test"', 'server.base_path: expected an https URL'],
    ['[server]\nbase_path = "id.example.com"', 'server.base_path: expected an https URL'],
    ['[identity_mgt.password_policy]\nmin_length = 7', 'min_length: expected a whole number from 8 to 128, got 7'],
    ['[identity_mgt.password_policy]\nmin_length = 100\nmax_length = 64', 'min_length: expected at most max_length (64), got 100'],
    ['[identity_mgt.password_policy]\nmax_length = 16', 'max_length: expected a whole number from 64 to 128, got 16'],
    ['[identity_mgt.password_policy]\npattern = ""', 'pattern: expected a regular expression, got ""'],
    ['[server]\noffset = 50000\n[transport.https.properties]\nport = 20000', 'server.offset: with it the https port would be 70000, expected at most 65535'],
    ['[transport.http.properties]\nport = 9443', 'transport.http.properties.port: 9443 is the port of https too: give each its own'],
    ['[identity_mgt.recovery]\nenable_auto_login = true', 'deployment.toml:2:1: identity_mgt.recovery.enable_auto_login: expected false: a reset signs nobody in (WSO2-2021-1292), got true'],
    ['[identity_mgt.recovery]\nenable_auto_login = "true"', 'enable_auto_login: expected false: a reset signs nobody in (WSO2-2021-1292), got "true"'],
    ['[server]\ntrusted_proxies = ["10.0.0.0/8", "0.0.0.0/0"]', 'deployment.toml:2:1: server.trusted_proxies[1]: expected an IP address or a CIDR range such as "10.0.0.0/8", of at least 8 bits (IPv6: 16), got "0.0.0.0/0"'],
    ['[server]\nnotification_services = ["http://mail:9600/x"]', 'deployment.toml:2:1: server.notification_services[0]: expected an origin such as "http://notification-service:9600"'],
    ['[server]\nnotification_services = ["http://admin:secret@mail:9600"]', 'notification_services[0]: expected an origin'],
    ['[server]\ntrusted_proxies = ["::/0"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["0.0.0.0/1"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["128.0.0.0/7"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["2000::/3"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["::ffff:0:0/96"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["::/16"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["0:1::/16"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["10.0.0.0/33"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = ["gateway"]', 'trusted_proxies[0]: expected an IP address'],
    ['[server]\ntrusted_proxies = "10.0.0.1"', 'trusted_proxies: expected a list of IP addresses and CIDR ranges, got a text'],
    ['[password_hashing]\nmemory_kib = 19455', 'deployment.toml:2:1: password_hashing.memory_kib: expected a whole number from 19456 to 4194304, got 19455'],
    ['[password_hashing]\niterations = 1', 'password_hashing.iterations: expected a whole number from 2 to 100, got 1'],
    ['[password_hashing]\nparallelism = 0', 'password_hashing.parallelism: expected a whole number from 1 to 16, got 0'],
    ['[identity_mgt.password_history]\ncount = 0', 'password_history.count: expected a whole number from 1 to 24, got 0'],
    ['[identity_mgt.account_locking]\nallowed_failed_attempts = 0', 'allowed_failed_attempts: expected a whole number from 1 to 100, got 0'],
    ['[rate_limit]\nrequests_per_address_per_minute = 0', 'requests_per_address_per_minute: expected a whole number from 1 to 1000000, got 0'],
    ['[output_adapter.email]\nhostname = "relay"\nfrom_address = "a@b.test"\nusername = "me"', 'output_adapter.email: expected username and password, or enable_authentication = false'],
  ])('are refused: %j', (toml, message) => {
    expect(faultOf(toml)).toContain(message);
  });

  it('are not the ranges in which proxies really stand', () => {
    const ranges = ['10.0.0.0/8', '127.0.0.1', '::1', '::1/128', '::ffff:10.0.0.0/104', 'fd00::/16', '2001:db8::/32'];
    expect(load(`[server]\ntrusted_proxies = ${JSON.stringify(ranges)}`).config.server.trustedProxies).toEqual(ranges);
  });

  it.each(['http://localhost:9763', 'http://127.0.0.1:8080/sub', 'http://[::1]:1'])('may be plain http on loopback: %s', (url) => {
    expect(load(`[server]\nbase_path = "${url}"`).config.server.baseUrl).toBe(url);
  });

  it.each([['https://ID.example.com:443/', 'https://id.example.com'], ['https://id.example.com/rekey///', 'https://id.example.com/rekey'], ['https://id.example.com/a/../b', 'https://id.example.com/b']])('has one way to write a base URL: %s', (written, baseUrl) => {
    expect(load(`[server]\nbase_path = "${written}"`).config.server.baseUrl).toBe(baseUrl);
  });

  it('are told loudly where they are allowed: a relay without TLS that is not this machine', () => {
    const relay = (host: string) => load(`[output_adapter.email]\nhostname = "${host}"\nfrom_address = "a@b.test"\nenable_start_tls = false\nenable_authentication = "false"`);
    expect(relay('relay.example.com').warnings).toEqual(['output_adapter.email: TLS is turned off: mails, and the recovery links in them, go to relay.example.com in the clear']);
    expect(relay('127.0.0.1').warnings).toEqual([]);
    expect(relay('127.0.0.1').config.email?.relays).toMatchObject([{ host: '127.0.0.1', tls: 'none', credentials: null }]);
  });

  it.each([
    ['[rate_limit]\nenable = false', 'rate_limit.enable is false: nothing holds up whoever tries passwords or asks for mails without end'],
    ['[identity_mgt.password_policy]\nenable = "false"', 'identity_mgt.password_policy.enable is false: any password is taken'],
    ['[identity_mgt.password_policy]\nbreached_list = false', 'identity_mgt.password_policy.breached_list is false: passwords that are known from breaches are taken'],
    ['[event.default_listener.governance_identity_mgt]\nenable = false', 'event.default_listener: neither identity_mgt nor governance_identity_mgt is on: no account is locked, and no password is held against the policy'],
    ['[[event_handler]]\nname = "passwordPolicy"\nenable = false', 'event_handler "passwordPolicy": enable is false: any password is taken'],
    ['[[event_handler]]\nname = "account.lock.handler"\nenable = false', 'event_handler "account.lock.handler": enable is false: no account is locked, and locked ones are let in'],
    ['[[event_handler]]\nname = "account.disable.handler"\nenable = false', 'event_handler "account.disable.handler": enable is false: disabled accounts are let in'],
    ['[kafka]\nbrokers = ["kafka.example.com:9092"]\n[kafka.sasl]\nmechanism = "plain"\nusername = "a"\npassword = "hunter2"', 'kafka.ssl is false: the password of [kafka.sasl] goes to the brokers in the clear'],
  ])('are told loudly where they are allowed: %j', (toml, warning) => {
    expect(load(toml).warnings).toEqual([warning]);
  });

  it('are not warned of where a handler is off and identity_mgt does its work', () => {
    const handlers = ['passwordPolicy', 'account.lock.handler', 'account.disable.handler'].map((name) => `[[event_handler]]\nname = "${name}"\nenable = false\n`);
    expect(load(`[event.default_listener.identity_mgt]\nenable = true\n${handlers.join('')}`).warnings).toEqual([]);
  });

  it('are not warned of where the file names the host that mails go to without TLS; of every other TLS is required', () => {
    const relay = (host: string) => load(`[output_adapter.email]\nhostname = "${host}"\nfrom_address = "a@b.test"\nenable_authentication = false\nhosts_without_tls = ["inbox"]`);
    expect([relay('inbox').config.email?.relays[0]?.tls, relay('inbox').warnings]).toEqual(['none', []]);
    expect([relay('relay.example.com').config.email?.relays[0]?.tls, relay('relay.example.com').warnings]).toEqual(['starttls', []]);
  });
});

describe('secrets in brackets', () => {
  it('are told of: in WSO2 these mark what is not encrypted yet, here they are part of the secret', () => {
    const { config, warnings } = load('[super_admin]\npassword = "$secret{admin}"\n[secrets]\nadmin = "[hunter22]"\nmail = "[a]b"');
    expect(config.superAdmin.password).toBe('[hunter22]');
    expect(warnings).toEqual(['secrets.admin: in brackets, as WSO2 writes what its cipher tool has yet to encrypt; here they belong to the secret']);
  });
});
