import { faultOf } from './testing/deployment-texts.ts';

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
