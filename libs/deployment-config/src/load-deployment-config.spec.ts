import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { DeploymentConfigError } from './deployment-config-error.ts';
import { loadDeploymentConfig } from './load-deployment-config.ts';
import { knownKeysAt } from './schema.ts';
import { faultOf, load } from './testing/deployment-texts.ts';
import { wso2Deployment } from './testing/wso2-deployment.ts';

describe('an empty deployment.toml', () => {
  const { config, warnings } = load('');

  it('gives every setting its default', () => {
    expect(config).toEqual({
      server: { hostname: 'localhost', offset: 0, baseUrl: 'https://localhost:9443', listenAddress: '127.0.0.1', httpsPort: 9443, httpPort: 9763, notificationServices: ['http://127.0.0.1:9600'], trustedProxies: [] },
      superAdmin: { username: 'admin', password: 'admin' },
      identityDatabase: null,
      notificationDatabase: null,
      kafka: null,
      telemetry: { otlpEndpoint: null },
      email: null,
      listeners: {
        identity_mgt: { priority: 50, enable: false },
        governance_identity_mgt: { priority: 95, enable: true },
        governance_identity_store: { priority: 97, enable: true },
      },
      hybridDataStore: false,
      customListeners: [],
      customHandlers: [],
      handlers: {},
      passwordRecovery: {
        enable: false,
        linkValidityMinutes: 60,
        notifyOnReset: true,
        manageInternally: true,
        callbackPattern: 'https:\\/\\/localhost:9443(?:/.*)?',
        cooldownSeconds: 60,
        toleranceMinutes: 0,
        maxResendAttempts: 5,
        otp: { sendInEmail: false, uppercase: true, lowercase: true, numeric: true, length: 6 },
        recaptcha: false,
        tells: { existence: false, address: false, status: false },
      },
      accountRecoveryApi: { enableV1: true, recoveryCodeSeconds: 60, resendCodeSeconds: 120 },
      usernameRecovery: { enable: false, recaptcha: false },
      claimUpdate: { verifyEmail: false, verificationMinutes: 1_440, notifyExisting: true },
      selfRegistration: { enable: false, lockOnCreation: true, verificationMinutes: 1_440, notifyOnConfirmation: false, recaptcha: false, resendRecaptcha: false },
      userOnboarding: { enable: false, verificationMinutes: 1_440, askPasswordMinutes: 1_440 },
      adminForcedReset: { byLink: true, byOtp: false, validityMinutes: 1_440 },
      passwordUpdate: { preserveLoggedInSession: false },
      passwordPolicy: { enable: true, minLength: 15, maxLength: 128, pattern: null, breachedList: true, contextWords: [] },
      passwordHistory: { enable: false, count: 5 },
      accountLocking: { enable: false, allowedFailedAttempts: 5, autoUnlockAfterSeconds: 300, autoUnlockTimeIncrementRatio: 2, notify: true },
      passwordHashing: { memoryKib: 19_456, iterations: 2, parallelism: 1 },
      rateLimit: { enable: true, requestsPerAddressPerMinute: 60, mailsPerAccountPerHour: 10, failedSignInsPerAccountPerHour: 100 },
      captcha: { verifier: 'proof-of-work', difficulty: 2_000, validitySeconds: 300, properties: {} },
      delivery: { concurrency: 20, prefetch: 100, mostWaiting: 100_000, concurrencyPerDomain: 16, mailsPerSecondPerDomain: null, caps: { perHourPerRecipient: 20, perMinutePerTenant: null }, retention: { days: 30, daysOfTenant: {} }, defaultLocale: 'en_US' },
      keys: { sealingPublicKey: null, sealingPrivateKeys: [], signingPrivateKey: null, publishers: [] },
      webhooks: [],
      bounceWebhooks: [],
    });
    expect(warnings).toEqual([]);
  });

  it('cannot be changed once it is read', () => {
    const frozen: boolean[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      frozen.push(Object.isFrozen(value));
      Object.values(value).forEach(visit);
    };
    visit(load('[kafka]\nbrokers = ["one:9092"]').config);
    expect(frozen.length).toBeGreaterThan(12);
    expect(frozen).not.toContain(false);
  });
});

describe('the ways in which real files write a value', () => {
  const listener = (priority: string) => load(`[event.default_listener.identity_mgt]\npriority = ${priority}`).config.listeners.identity_mgt.priority;
  const validity = (value: string) => load(`[identity_mgt.password_reset_email]\nreset_mail_validity = ${value}`).config.passwordRecovery.linkValidityMinutes;

  it.each([['51', 51], ['"51"', 51], ['"051"', 51], ['0', 0], ['"10000"', 10_000]])('reads the priority %s', (written, priority) => {
    expect(listener(written)).toBe(priority);
  });

  it.each([['true', true], ['"true"', true], ['false', false], ['"false"', false]])('reads enable = %s', (written, enable) => {
    expect(load(`[event.default_listener.identity_mgt]\nenable = ${written}`).config.listeners.identity_mgt.enable).toBe(enable);
  });

  it.each([['"1d"', 1440], ['"24h"', 1440], ['"90m"', 90], ['"120s"', 2], ['30', 30], ['"30"', 30]])('reads the link validity %s as minutes', (written, minutes) => {
    expect(validity(written)).toBe(minutes);
  });

  it('reads a plain cooldown as seconds', () => {
    expect(load('[identity_mgt.password_reset_email]\ncooldown = 90').config.passwordRecovery.cooldownSeconds).toBe(90);
  });

  it('reads dotted keys, inline tables and tables alike', () => {
    const expected = { username: 'root', password: 'secret' };
    for (const toml of ['super_admin.username = "root"\nsuper_admin.password = "secret"', 'super_admin = { username = "root", password = "secret" }', '[super_admin]\nusername = "root"\n"password" = \'secret\'']) {
      expect(load(toml).config.superAdmin).toEqual(expected);
    }
  });

  it('reads a file with a byte order mark and Windows line ends', () => {
    expect(load('\uFEFF[server]\r\noffset = 7\r\n').config.server.offset).toBe(7);
  });

  it.each([
    ['[event.default_listener.identity_mgt]\npriority = "first"', 'deployment.toml:2:1: event.default_listener.identity_mgt.priority: expected a whole number from 0 to 10000, got "first"'],
    ['[event.default_listener.identity_mgt]\npriority = -1', 'deployment.toml:2:1: event.default_listener.identity_mgt.priority: expected a whole number from 0 to 10000, got -1'],
    ['[event.default_listener.identity_mgt]\npriority = 1.5', 'deployment.toml:2:1: event.default_listener.identity_mgt.priority: expected a whole number from 0 to 10000, got 1.5'],
    ['[event.default_listener.identity_mgt]\n  enable = "yes"', 'deployment.toml:2:3: event.default_listener.identity_mgt.enable: expected true or false, got "yes"'],
    ['[event.default_listener.identity_mgt]\nenable = 1', 'deployment.toml:2:1: event.default_listener.identity_mgt.enable: expected true or false, got 1'],
    ['server.hostname = ["a"]', 'deployment.toml:1:1: server.hostname: expected a host name, got a list'],
    ['server.hostname = "id.example.com/path"', 'deployment.toml:1:1: server.hostname: expected a host name, got "id.example.com/path"'],
    ['server.hostname = ""', 'deployment.toml:1:1: server.hostname: expected a host name, got ""'],
    ['server = "localhost"', 'deployment.toml:1:1: server: expected a table, got a text'],
    ['[[server]]\nhostname = "a"', 'deployment.toml:1:1: server: expected a table, got a list'],
    ['[server]\nlisten_address = "everywhere"', 'deployment.toml:2:1: server.listen_address: expected an IP address or "localhost", got "everywhere"'],
    ['[telemetry]\notlp_endpoint = "https://user:hunter2@otlp.example.com"', 'deployment.toml:2:1: telemetry.otlp_endpoint: expected an http or https URL such as "http://collector:4318", without user, query or fragment, got a text'],
    ['[kafka]\nbrokers = "one:9092"', 'deployment.toml:2:1: kafka.brokers: expected a list of "host:port", got a text'],
    ['[kafka]\nbrokers = []', 'deployment.toml:2:1: kafka.brokers: expected at least one "host:port", got a list'],
    ['[kafka]\nbrokers = [\n  "one:9092",\n  "two",\n]', 'deployment.toml:2:1: kafka.brokers[1]: expected "host:port", got "two"'],
    ['[kafka]\npartitions = 3', 'deployment.toml:1:1: kafka.brokers: expected a list of "host:port", got nothing'],
    ['[database.identity_db]\nname = "a"', 'deployment.toml:1:1: database.identity_db.username: expected a text, got nothing'],
    ['[database.identity_db]\ntype = "mysql"', 'deployment.toml:2:1: database.identity_db.type: expected "postgre": Rekey keeps its data in PostgreSQL, got a text'],
    ['[identity_mgt.password_reset_email]\nreset_mail_validity = [60]', 'deployment.toml:2:1: identity_mgt.password_reset_email.reset_mail_validity: expected a duration in whole minutes from "1m" to "24h": a link that works longer is a risk, got a list'],
    ['[identity_mgt.password_policy]\npattern = "["', 'deployment.toml:2:1: identity_mgt.password_policy.pattern: expected a regular expression, got "["'],
    ['[identity_mgt.recovery]\ncallback_url = "a)|(?:b"', 'deployment.toml:2:1: identity_mgt.recovery.callback_url: expected a regular expression, got "a)|(?:b"'],
    ['[identity_mgt.recovery]\ncallback_url = "*"', 'deployment.toml:2:1: identity_mgt.recovery.callback_url: expected a regular expression, got "*"'],
    ['[delivery]\ndefault_locale = "../de"', 'deployment.toml:2:1: delivery.default_locale: expected a locale such as "en_US", got "../de"'],
    ['[output_adapter.email]\nhostname = "a"\nfrom_address = "b"', 'deployment.toml:3:1: output_adapter.email.from_address: expected a mail address, got "b"'],
    ['event_publisher = "me"', 'deployment.toml:1:1: event_publisher: expected a list of tables, each under [[event_publisher]], got a text'],
  ])('refuses %j', (toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });
});

describe('a text that is not TOML', () => {
  it.each([
    ['[server]\nhostname = \n', /^deployment\.toml:2:\d+: not valid TOML: /],
    ['[server]\noffset = 1\n\n[server]\nhostname = "a"', /^deployment\.toml:4:2: not valid TOML: trying to redefine an already defined table/],
    ['[server]\noffset = 1\noffset = 2', /^deployment\.toml:3:1: not valid TOML: /],
    ['[[event_publisher]]\n[event_publisher]', /^deployment\.toml:2:2: not valid TOML: /],
    ['a = 99999999999999999999', /^deployment\.toml:1:\d+: not valid TOML: /],
    [`a = ${'['.repeat(100_000)}`, /^deployment\.toml:1:\d+: not valid TOML: /],
  ])('is refused with line and column: %#', (toml, message) => {
    expect(faultOf(toml)).toMatch(message);
  });

  it('is not shown, as the line at fault may hold a password', () => {
    const message = faultOf('[super_admin]\npassword = "hunter2" "');
    expect(message).toMatch(/^deployment\.toml:2:\d+: /);
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('\n');
  });
});

describe('a key that nobody knows', () => {
  it.each([
    ['[servr]\nhostname = "a"', 'deployment.toml:1:1: servr: there is no such key; did you mean server?'],
    ['# my file\n[server]\n  hostnam = "a"', 'deployment.toml:3:3: server.hostnam: there is no such key; did you mean server.hostname?'],
    ['[event.default_listener.governance_identity_mgmt]\nenable = true', 'deployment.toml:1:1: event.default_listener.governance_identity_mgmt: there is no such key; did you mean event.default_listener.governance_identity_mgt?'],
    ['[identity_mgt.password_reset_email]\nenable_password_reset_emial = true', 'deployment.toml:2:1: identity_mgt.password_reset_email.enable_password_reset_emial: there is no such key; did you mean identity_mgt.password_reset_email.enable_password_reset_email?'],
    ['transport.https.properties.prot = 1', 'deployment.toml:1:1: transport.https.properties.prot: there is no such key; did you mean transport.https.properties.port?'],
    ['# mine\n[servr.properties]\nport = 1', 'deployment.toml:2:1: servr: there is no such key; did you mean server?'],
    ['[transport.htps.properties]\nport = 1', 'deployment.toml:1:1: transport.htps: there is no such key; did you mean transport.https?'],
    ['[kafka.sasl.a]\n[kafka]\nbrokers = ["a:1"]\n[kafka.sasl]\nb = 1', 'deployment.toml:4:1: kafka.sasl.mechanism: expected "plain", "scram-sha-256" or "scram-sha-512", got nothing'],
    ['[database.notification_bd]\nname = "a"', 'deployment.toml:1:1: database.notification_bd: there is no such key; did you mean database.notification_db?'],
    ['[kafka]\nbrokers = ["a:1"]\nzookeeper = "b"', 'deployment.toml:3:1: kafka.zookeeper: there is no such key'],
    ['["a\\nb"]\n', 'deployment.toml: "a\\nb": there is no such key'],
    ['[identity_mgt.user_self_registration]\nlock_on_creaton = false', 'deployment.toml:2:1: identity_mgt.user_self_registration.lock_on_creaton: there is no such key; did you mean identity_mgt.user_self_registration.lock_on_creation?'],
    ['[identity_mgt.password_reset_by_admin]\ncode_validty_period = "5m"', 'deployment.toml:2:1: identity_mgt.password_reset_by_admin.code_validty_period: there is no such key; did you mean identity_mgt.password_reset_by_admin.code_validity_period?'],
  ])('is refused with its place and the nearest known one: %j', (toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });

  it('is not looked for inside a text of several lines, nor in a comment', () => {
    expect(faultOf('[secrets]\na = \'\'\'\n[server]\nhostnam = 1\n\'\'\'\nb = """one line"""\n# c = """\n[server] # hostnam = 2\nhostnam = 3')).toMatch(/^deployment\.toml:9:1: server\.hostnam: there is no such key/);
  });

  it.each([
    ['a comment that looks as if a text of several lines began there', '[server]\noffset = 1 # """\nhostnam = 1', 3],
    ['a text on one line that looks so', '[secrets]\na = \'"""\'\n[server]\nhostnam = 1', 4],
    ['a text on one line that has a #', '[secrets]\na = "# \'\'\'"\n[server]\nhostnam = 1', 4],
    ['a text of several lines that ends in quotes of its own', '[secrets]\na = """\n\\"""\n[server]\nhostnam = 1\n""""\n[server]\nhostnam = 1', 8],
  ])('is found behind %s', (_what, toml, line) => {
    expect(faultOf(toml)).toBe(`deployment.toml:${line}:1: server.hostnam: there is no such key; did you mean server.hostname?`);
  });

  it.each([
    [`# deep\n${Array(50_000).fill('a').join('.')} = 1`, 'deployment.toml:2:1: a key of more than 50 parts'],
    [`[${Array(50_000).fill('server').join('.')}]`, 'deployment.toml:1:1: a key of more than 50 parts'],
    [`[server]\noffset = ${'{ a = '.repeat(60)}1${' }'.repeat(60)}`, 'deployment.toml:2:1: a key of more than 50 parts'],
  ])('is refused where it has parts without end: %#', (toml, message) => {
    expect(faultOf(toml)).toBe(message);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('is refused as any other where it is %s', (name) => {
    expect(faultOf(`[${name}]\nsuper_admin.password = "x"`)).toBe(`deployment.toml:1:1: ${name}: there is no such key`);
    expect(faultOf(`[server]\n${name} = 1`)).toContain(`deployment.toml:2:1: server.${name}: there is no such key`);
    expect(faultOf(['', `[server.${name}]\nhostname = "evil.test"`])).toContain(`beneath-1.toml:1:1: server.${name}: there is no such key`);
    expect(faultOf(`[secrets]\na = "x"\n[super_admin]\npassword = "$ref{${name}.a}"`)).toContain(`there is no key ${name}.a`);
    expect(({} as Record<string, unknown>)['super_admin']).toBeUndefined();
  });

  it('is named in one short line, however long it is', () => {
    const message = faultOf(`"${'k'.repeat(1_000_000)}" = 1`);
    expect(message.length).toBeLessThan(200);
    expect(message).toMatch(/^deployment\.toml:1:1: "kkk.*…: there is no such key$/);
  });
});

describe('keys of WSO2 Identity Server that Rekey does not use', () => {
  /** As a stock installation has it. */
  const stockFile = `
[server]
hostname = "id.example.com"
node_ip = "127.0.0.1"
base_path = "https://$ref{server.hostname}:\${carbon.management.port}"

[super_admin]
username = "admin"
password = "admin"
create_admin_account = true

[user_store]
type = "database_unique_id"

[database.identity_db]
type = "h2"
url = "jdbc:h2:./repository/database/IDENTITY_DB"
username = "carbon"
password = "carbon"

[database.shared_db]
type = "h2"
url = "jdbc:h2:./repository/database/SHARED_DB"

[keystore.primary]
file_name = "carbon.p12"
password = "$env{A_PASSWORD_THAT_ONLY_WSO2_NEEDS}"

[truststore]
file_name = "client-truststore.p12"

[account_recovery.endpoint.auth]
hash = "66cd"

[identity.auth_framework.endpoint]
app_password = "dashboard"

[[session.nonce.cookies.whitelist.authenticators]]
name = "MagicLinkAuthenticator"

[identity_mgt.recovery]
callback_url = "\${carbon.protocol}:\\\\/\\\\/\${carbon.host}:\${carbon.management.port}\\\\/.*"
enable_v1_api = true

[identity_mgt.password_reset_email.otp]
send_otp_in_email = false

[event.default_listener.password_expiry]
priority = "118"
enable = true
`;

  it('are named in one warning, and are no reason not to start', () => {
    const { warnings } = load(stockFile);
    expect(warnings).toEqual([
      'deployment.toml: Rekey does not use these keys of WSO2 Identity Server: server.node_ip, super_admin.create_admin_account, user_store, database.identity_db, database.shared_db, keystore, truststore, account_recovery, identity, session, event.default_listener.password_expiry',
    ]);
  });

  it('leave the keys beside them in force, and a stock file means the same in both', () => {
    const { config } = load(`${stockFile}[transport.https.properties]\nport = 9444\n`);
    expect(config.server.baseUrl).toBe('https://id.example.com:9444');
    expect(config.identityDatabase).toBeNull();
    const callback = new RegExp(`^(?:${config.passwordRecovery.callbackPattern})$`, 'u');
    expect(callback.test('https://id.example.com:9444/myaccount')).toBe(true);
    expect(callback.test('https://idxexample.com:9444/myaccount')).toBe(false);
  });

  it('are named in one warning where a whole file of WSO2 Identity Server is brought, and all that Rekey reads counts', () => {
    const { config, warnings } = load(wso2Deployment, { WSO2_ADMIN_PASSWORD: 'a', WSO2_MAIL_PASSWORD: 'b' });
    expect(warnings).toEqual([
      'deployment.toml: Rekey does not use these keys of WSO2 Identity Server: server.node_ip, super_admin.create_admin_account, user_store, database.identity_db, database.shared_db, database.user, realm_manager, keystore, truststore, transport.https.properties.proxyPort, transport.https.properties.sslEnabledProtocols, resource, account_recovery, identity, session, recaptcha, event.default_listener.password_expiry',
      'event_listener "custom_user_operation_event_listener", event_handler "customEvent": these have no "module", so they name Java classes, which Rekey cannot call',
      'secrets.identity_db_password, secrets.user_db_password: in brackets, as WSO2 writes what its cipher tool has yet to encrypt; here they belong to the secret',
    ]);
    expect(config.server.baseUrl).toBe('https://id.example.com:9443');
    expect(config.email?.relays).toMatchObject([{ host: 'smtp.example.com', tls: 'starttls', credentials: { username: 'no-reply', password: 'b' } }]);
    expect(config.passwordRecovery).toMatchObject({ enable: true, linkValidityMinutes: 1_440, notifyOnReset: true });
    expect(config.accountLocking).toEqual({ enable: true, allowedFailedAttempts: 5, autoUnlockAfterSeconds: 300, autoUnlockTimeIncrementRatio: 2, notify: true });
    expect(config.passwordPolicy).toMatchObject({ minLength: 8, maxLength: 64 });
    expect(config.passwordHistory).toEqual({ enable: true, count: 5 });
  });

  it('are named too where they stand in a table of which Rekey reads other keys', () => {
    const { warnings, config } = load('[identity_mgt.user_self_registration]\nallow_self_registration = "true"\nenable_detailed_api_response = true\n[identity_mgt.username_recovery.sms]\nenable_username_recovery = true');
    expect(warnings).toEqual(['deployment.toml: Rekey does not use these keys of WSO2 Identity Server: identity_mgt.user_self_registration.enable_detailed_api_response, identity_mgt.username_recovery.sms']);
    expect(config.selfRegistration.enable).toBe(true);
  });

  it('are no slips where they are near to one that Rekey reads', () => {
    expect(load('[identity_mgt.password_reset_by_admin]\nenable_offline_otp_based_reset = true\nenable_sms_otp_based_reset = true').warnings).toEqual([expect.stringContaining('enable_offline_otp_based_reset, identity_mgt.password_reset_by_admin.enable_sms_otp_based_reset')]);
  });

  it.each([
    ['[identity_mgt.password_reset_challenge_questions]\nenable_password_reset_challenge_questions = true', /^identity_mgt\.password_reset_challenge_questions: Rekey asks no questions/],
    ['[identity_mgt.notification]\ndefault_notification_channel = "SMS"', /no "SMS"$/],
  ])('are no reason not to start where Rekey leaves out on purpose what they ask for: %j', (toml, warning) => {
    expect(load(toml).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('never hide a key that Rekey reads', () => {
    const { warnings, config } = load('[identity_mgt.recovery.notification]\nmanage_internally = false');
    expect(warnings).toEqual([]);
    expect(config.passwordRecovery.manageInternally).toBe(false);
  });
});

describe('the verifier of challenges', () => {
  it('is a module where the file names one, by a path relative to it', () => {
    expect(load('[captcha]\nverifier = "some-package"\n[captcha.properties]\nretries = 3').config.captcha).toMatchObject({ verifier: 'some-package', properties: { retries: '3' } });
    expect(() => load('[captcha]\nverifier = "./nowhere.mjs"')).toThrow(/captcha\.verifier: there is no file .*nowhere\.mjs/);
  });
});

describe('what callers of the recovery API are told of an account that gets no mail', () => {
  const all = 'notify_user_existence = true\nnotify_recovery_email_existence = "true"\nnotify_user_account_status = true';

  it('is what each flag says, with a warning', () => {
    const { config, warnings } = load(`[identity_mgt.recovery]\n${all}`);
    expect(config.passwordRecovery.tells).toEqual({ existence: true, address: true, status: true });
    expect(warnings).toEqual([expect.stringContaining('a portal may tell strangers')]);
  });

  it('is nothing where hide_user_existence says so', () => {
    const { config, warnings } = load(`[identity_mgt.recovery]\n${all}\nhide_user_existence = true`);
    expect(config.passwordRecovery.tells).toEqual({ existence: false, address: false, status: false });
    expect(warnings).toEqual([]);
  });
});

describe('values that contradict each other', () => {
  it.each([
    ['[identity_mgt.password_reset_email]\nconfirmation_code_tolerance_period = 60', 'deployment.toml:2:1: identity_mgt.password_reset_email.confirmation_code_tolerance_period: expected less than reset_mail_validity (60 minutes), got 60'],
    ['[identity_mgt.password_reset_email.otp]\nuse_uppercase_in_otp = false\nuse_lowercase_in_otp = false\nuse_numeric_in_otp = "false"', 'deployment.toml:1:1: identity_mgt.password_reset_email.otp: leaves a code no characters'],
  ])('are refused: %j', (toml, fault) => {
    expect(faultOf(toml)).toContain(fault);
  });
});

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

describe('two listeners of one priority', () => {
  it('are refused with both names', () => {
    expect(faultOf('[event.default_listener.identity_mgt]\npriority = "60"\n[event.default_listener.governance_identity_store]\npriority = 60')).toBe(
      'deployment.toml:4:1: event.default_listener.governance_identity_store.priority: 60 is the priority of identity_mgt too: give each listener its own',
    );
  });

  it('are refused where the file writes it, also when the other has it by default or is off', () => {
    expect(faultOf('[event.default_listener.identity_mgt]\nenable = false\npriority = 95')).toBe(
      'deployment.toml:3:1: event.default_listener.identity_mgt.priority: 95 is the priority of governance_identity_mgt too: give each listener its own',
    );
  });
});

describe('layers', () => {
  const operators = '[kafka]\nbrokers = ["own:9092"]\n[server]\noffset = 3\n';

  it('let the one beneath speak where the upper one is silent', () => {
    const { config } = load([operators, '[kafka]\nbrokers = ["local:9092"]\npartitions = 12\n[server]\noffset = 9\nhostname = "beneath.test"', '[server]\nhostname = "deepest.test"\n[delivery]\nconcurrency = 3']);
    expect(config.kafka).toMatchObject({ brokers: ['own:9092'], partitions: 12 });
    expect(config.server).toMatchObject({ offset: 3, hostname: 'beneath.test' });
    expect(config.delivery.concurrency).toBe(3);
  });

  it('name the file in which the fault stands, also where the table is in several', () => {
    expect(faultOf([operators, '\n\n[kafka]\npartitions = 0'])).toBe('beneath-1.toml:4:1: kafka.partitions: expected a whole number from 1 to 1000, got 0');
    expect(faultOf([operators, 'kafka.partitions = 1', '[kafka]\npartition = 1'])).toMatch(/^beneath-2\.toml:2:1: kafka\.partition: there is no such key; did you mean kafka\.partitions\?$/);
    expect(faultOf([operators, '[server]\nhostname = "$env{NOWHERE}"'])).toBe('beneath-1.toml:2:1: server.hostname: the environment variable NOWHERE is not set');
    expect(faultOf([operators, '[server'])).toMatch(/^beneath-1\.toml:1:\d+: not valid TOML/);
  });

  it('do not blame a value that the upper layer replaces', () => {
    expect(load([operators, '[server]\noffset = "wrong"']).config.server.offset).toBe(3);
    expect(load([operators, '[server]\noffset = "$env{NOWHERE}"']).config.server.offset).toBe(3);
  });

  it('name the operator\'s file where a key is in none', () => {
    expect(faultOf(['[super_admin]\nusername = "a"\n[database.identity_db]\nusername = "a"', ''])).toBe('deployment.toml:3:1: database.identity_db.name: expected the name of a database, got nothing');
  });

  it('each tell which of their keys are not used', () => {
    expect(load(['[keystore]\na = 1', '[cache]\na = 1']).warnings).toEqual([
      'deployment.toml: Rekey does not use these keys of WSO2 Identity Server: keystore',
      'beneath-1.toml: Rekey does not use these keys of WSO2 Identity Server: cache',
    ]);
  });
});

describe('any text at all', () => {
  /** Keys that Rekey reads, keys of WSO2, names of the language and slips. */
  const names = fc.oneof(fc.constantFrom(...(knownKeysAt([]) ?? []), 'hostname', 'identity_db', 'default_listener', 'identity_mgt', 'priority', 'keystore', '__proto__', 'constructor'), fc.string({ maxLength: 12 }));
  const values = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constantFrom('$env{A}', '$ref{server.hostname}', '$ref{a}', '$secret{b}', '${carbon.host}', '1d', '9443'));
  const toml = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, values, fc.array(tie('value'), { maxLength: 3 }), tie('table')),
    table: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  })).table;

  it('is read, or refused in one line', () => {
    fc.assert(
      fc.property(fc.array(toml, { minLength: 1, maxLength: 3 }), fc.dictionary(fc.constantFrom('A', 'B'), fc.string()), (tables, environment) => {
        const texts = tables.map((table) => stringify(table as object));
        expectReadOrRefused(texts, environment);
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused where a single key of the schema has any value', () => {
    const paths = pathsBelow([]);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.oneof(values, fc.constant([]), fc.constant({})), (path, value) => {
        expectReadOrRefused([`${path} = ${JSON.stringify(value)}`], {});
      }),
      { numRuns: 500 },
    );
  });

  it('is read or refused where it is noise', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expectReadOrRefused([text], {})));
  });

  it('is read when it is huge', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `key_${index} = "${'v'.repeat(80)}"`);
    expect(load(`[keystore]\n${lines.join('\n')}`).warnings).toHaveLength(1);
    expect(faultOf(`[server]\n${lines.join('\n')}`)).toContain('deployment.toml:2:1: server.key_0: there is no such key');
  });

  function expectReadOrRefused(texts: readonly string[], environment: Record<string, string>): void {
    try {
      loadDeploymentConfig(texts.map((text, index) => ({ name: `layer-${index}`, toml: text })), environment);
    } catch (error) {
      expect(error).toBeInstanceOf(DeploymentConfigError);
      expect((error as Error).message).toMatch(/^(layer-\d(:\d+:\d+)?|deployment\.toml): [^\n]+$/);
    }
  }

  function pathsBelow(path: readonly string[]): string[] {
    const known = knownKeysAt(path);
    return known === null ? [path.join('.')] : known.flatMap((key) => pathsBelow([...path, key]));
  }
});
