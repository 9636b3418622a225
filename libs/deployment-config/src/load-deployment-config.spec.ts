import { faultOf, load } from './testing/deployment-texts.ts';

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
