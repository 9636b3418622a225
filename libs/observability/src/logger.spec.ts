import { createLogger, type Logger, type LoggerOptions } from './logger.ts';

/** A logger whose lines are kept. */
function logging(options: LoggerOptions = {}): { readonly log: Logger; readonly lines: string[]; last(): Record<string, unknown> } {
  const lines: string[] = [];
  const log = createLogger('service', { format: 'json', level: 'debug', destination: { write: (line) => void lines.push(line) }, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

const secret = 'S3cr3t/VaLue+0123=';

describe('a log', () => {
  it('is one line of JSON per entry, which names the part that speaks', () => {
    const { log, lines, last } = logging();
    log.info({ mails: 3 }, 'sent');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(last()).toMatchObject({ level: 30, name: 'service', mails: 3, msg: 'sent' });
    log.child({ name: 'relay' }).info('sent');
    expect(last()).toMatchObject({ msg: 'sent' });
  });

  it.each(['json', 'pretty'] as const)('stays one line whatever is in a message or a field (%s)', (format) => {
    const { log, lines } = logging({ format });
    log.warn({ user: 'kim\r\n[00:00:00.000] FATAL: forged' }, 'no such user: kim\r\n[00:00:00.000] FATAL: forged\u001b[2J');
    const text = lines.join('');
    expect(text.split(/\r|\n/).filter((line) => line.startsWith('[00:00:00.000]'))).toEqual([]);
    expect(text).not.toContain('\u001b[2J');
  });

  it('shows an error with its stack, indented, so that nothing in it passes for an entry', () => {
    const { log, lines } = logging({ format: 'pretty' });
    log.error({ err: new Error('no\n[00:00:00.000] FATAL: forged') }, 'failed');
    const [entry, ...rest] = lines.join('').trimEnd().split('\n');
    expect(entry).toMatch(/ERROR: service: failed$/);
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.filter((line) => !line.startsWith('  '))).toEqual([]);
  });

  it('tells an error’s type, message, stack, code and cause', () => {
    const { log, last } = logging();
    log.error({ err: Object.assign(new TypeError('refused', { cause: new Error('no line') }), { code: 'ECONNREFUSED', port: 5432 }) });
    expect(last()).toMatchObject({ msg: 'refused', err: { type: 'TypeError', message: 'refused: no line', code: 'ECONNREFUSED', port: 5432, stack: expect.stringContaining('logger.spec') } });
    log.error(new Error('alone'));
    expect(last()).toMatchObject({ msg: 'alone', err: { message: 'alone' } });
  });

  it('outlasts what refers to itself, is very deep, or very long', () => {
    const { log, last } = logging();
    const circle: Record<string, unknown> = { bytes: Buffer.from(secret) };
    circle['self'] = circle;
    log.info({ circle, deep: { a: { b: { c: { d: { e: { f: 1 } } } } } }, list: Array.from({ length: 1_000 }, (_, i) => i) });
    expect(last()).toMatchObject({ circle: { self: '[circular]', bytes: '[18 bytes]' }, deep: { a: { b: { c: { d: { e: '[deeper]' } } } } } });
    expect((last()['list'] as unknown[]).length).toBe(100);
  });
});

describe('a secret in a log (S43)', () => {
  it.each(['password', 'newPassword', 'user_password', 'key', 'recoveryKey', 'recovery-key', 'code', 'confirmationCode', 'secret', 'sealedSecret', 'clientSecret', 'Authorization', 'cookie', 'Set-Cookie', 'accessToken', 'privateKey', 'credentials'])(
    'is censored in a field named %s, at any depth',
    (name) => {
      const { log, lines, last } = logging();
      const field = { [name]: secret };
      log.info({ ...field, one: { two: { three: field } }, list: [{ ...field }] }, 'done');
      log.child({ part: 'relay' }).child(field).info('done');
      log.error({ err: Object.assign(new Error('failed'), { request: { headers: field } }) });
      expect(lines.join('')).not.toContain(secret);
      expect(last()).toMatchObject({ err: { request: { headers: { [name]: '[secret]' } } } });
    },
  );

  it('is censored whatever it is', () => {
    const { log, last } = logging();
    log.info({ password: { old: secret }, key: [secret], secret: 42, cookie: null });
    expect(last()).toMatchObject({ password: '[secret]', key: '[secret]', secret: '[secret]', cookie: '[secret]' });
  });

  it.each([
    `GET / Authorization: Basic ${secret}`,
    `{"authorization":"Bearer ${secret}"}`,
    `sent Basic ${secret}`,
    `Cookie: __Host-session=${secret}; theme=dark`,
    `set-cookie: __Host-session=${secret}; Path=/`,
    `C: AUTH PLAIN ${secret}`,
    `535 5.7.8 refused: AUTH LOGIN ${secret}`,
    `https://localhost:9443/myaccount/reset#key=${encodeURIComponent(secret)}`,
    `POST /validate-code?code=${secret}&x=1`,
    `{"user":{"password":"${secret}"}}`,
    `username=kim&password=${secret}`,
    `connecting to postgres://rekey:${encodeURIComponent(secret)}@localhost/rekey`,
    'sealed eyJhbGciOiJFQ0RILUVTIn0..S3cr3tiv0123.Value0123.tag',
  ])('is censored in text: %s', (text) => {
    const { log, lines } = logging();
    log.info(text);
    log.info('it said %s', text);
    log.warn({ reason: text }, 'failed');
    log.error({ err: new Error(text) });
    log.error(new Error('outer', { cause: new Error(text) }));
    const { log: readable, lines: readableLines } = logging({ format: 'pretty' });
    readable.error({ err: new Error(text) }, text);
    for (const line of lines) expect(JSON.parse(line)).toBeDefined();
    for (const part of [secret, encodeURIComponent(secret), 'S3cr3t']) {
      expect(lines.join('')).not.toContain(part);
      expect(readableLines.join('')).not.toContain(part);
    }
  });

  it.each([
    'a password must have 15 characters',
    'Basic authentication is required',
    '250-AUTH PLAIN LOGIN XOAUTH2',
    'AUTH PLAIN failed',
    'the cookie jar is empty',
    'deployment.toml:3:1: super_admin.password: expected a text, got a number',
    'deployment.toml:3:1: keys.signing.private_key: the environment variable SIGNING_PRIVATE_KEY is not set',
    'deployment.toml:3:1: output_adapter.email.client_secret: there is no such key',
    'the password policy of carbon.super',
    'http://127.0.0.1:9500/health/ready',
    'no mail for k…@example.org',
  ])('is not seen where there is none: %s', (text) => {
    const { log, last } = logging();
    log.info(text);
    expect(last()['msg']).toBe(text);
  });
});

describe('the level of a log', () => {
  const { REKEY_LOG_LEVEL } = process.env;
  afterEach(() => {
    if (REKEY_LOG_LEVEL === undefined) delete process.env['REKEY_LOG_LEVEL'];
    else process.env['REKEY_LOG_LEVEL'] = REKEY_LOG_LEVEL;
  });
  const levelOf = (given?: string): string => {
    const lines: string[] = [];
    return createLogger('service', { format: 'json', destination: { write: (line) => void lines.push(line) }, ...(given === undefined ? {} : { level: given }) }).level;
  };

  it('is what the program asks for, else REKEY_LOG_LEVEL, else info', () => {
    delete process.env['REKEY_LOG_LEVEL'];
    expect(levelOf()).toBe('info');
    process.env['REKEY_LOG_LEVEL'] = 'debug';
    expect(levelOf()).toBe('debug');
    expect(levelOf('warn')).toBe('warn');
    process.env['REKEY_LOG_LEVEL'] = '';
    expect(levelOf()).toBe('info');
  });

  it('that does not exist is told of, with those that do, and is info', () => {
    const { log, last } = logging({ level: 'loud' });
    expect(log.level).toBe('info');
    expect(last()).toMatchObject({ level: 40, msg: expect.stringMatching(/"loud": expected one of trace, debug, info, warn, error, fatal, silent/) });
  });
});
