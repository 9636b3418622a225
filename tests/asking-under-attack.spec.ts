import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@rekey/test-kit';
import { BothServices, baseUrl } from './testing/both-services.ts';
import { InterruptibleBus } from './testing/interruptible-bus.ts';
import { rawAnswer, type RawAnswer } from './testing/raw-answer.ts';

const claim = (name: string): string => `http://wso2.org/claims/${name}`;
const byCode = '[identity_mgt.password_reset_by_admin]\nenable_emailed_link_based_reset = false\nenable_emailed_otp_based_reset = true\n';
const enabled = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n[identity_mgt.user_self_registration]\nallow_self_registration = true\n';
const administrator = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` };

let bus: InterruptibleBus;
let services: BothServices;
beforeAll(async () => {
  bus = new InterruptibleBus();
  services = await BothServices.start(bus, enabled + byCode);
});
afterAll(() => services.stop());
afterEach(async () => {
  bus.isDown = false;
  await services.sink.resume();
});

type Send = (path: string, body: unknown) => Promise<RawAnswer>;
interface Door {
  readonly name: string;
  /** @returns an answer for each call that it takes */
  readonly ask: (username: string, send: Send) => Promise<readonly RawAnswer[]>;
}

const sending = (headers: Readonly<Record<string, string>> = {}): Send => (path, body) => rawAnswer(services.url, path, body, { ...administrator, ...headers });
const myAccount: Door = { name: 'My Account', ask: async (username, send) => [await send('/api/rekey/v1/recovery', { username })] };
const myAccountAgain: Door = { name: 'My Account’s second mail', ask: async (username, send) => [await send('/api/rekey/v1/recovery/resend', { username })] };
const byUsername: readonly Door[] = [
  myAccount,
  myAccountAgain,
  { name: 'recovery v0.9', ask: async (username, send) => [await send('/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username } })] },
  { name: 'user v1.0', ask: async (username, send) => [await send('/api/identity/user/v1.0/resend-code', { user: { username }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] })] },
  ...(['v1', 'v2'] as const).map((version): Door => ({
    name: `users ${version}`,
    ask: async (username, send) => {
      const init = await send(`/api/users/${version}/recovery/password/init`, { claims: [{ uri: claim('username'), value: username }], properties: [] });
      const recoveryCode = /"recoveryCode":"([\w-]+)"/.exec(init.text)?.[1];
      return [init, await send(`/api/users/${version}/recovery/password/recover`, { recoveryCode, channelId: '1', properties: [] })];
    },
  })),
];
const byAddress: Door = { name: 'recover-username', ask: async (username, send) => [await send('/api/identity/recovery/v0.9/recover-username?notify=true', [{ uri: claim('emailaddress'), value: `${username}@example.com` }])] };

/** Less what differs from any answer to the next: the time, codes, and how long a made-up address is. */
const seen = ({ status, headers, text }: RawAnswer) => {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]] as const] : []));
  return {
    status,
    headers: pairs.map(([name, value]) => (/^(date|content-length)$/i.test(name) ? [name] : [name, value])),
    text: text.replace(/"traceId":"[^"]+"/, '').replace(/"[\w-]{43}"/g, '"code"').replace(/"value":"[^"]*"/, '"value":"masked"'),
  };
};

/** Every event has come to its end, and whatever was to be mailed is. */
async function allMailed(): Promise<void> {
  const [recovery, notification] = services.databases;
  const open = async () => [...(await recovery.query('SELECT FROM outbox WHERE published_at IS NULL OR (awaits_outcome AND confirmed_at IS NULL)')), ...(await notification.query(`SELECT FROM outbox WHERE published_at IS NULL`))];
  await until(async () => (await open()).length === 0);
}

async function registered(username: string): Promise<void> {
  const user = { username, realm: 'PRIMARY', password: 'a phrase that nobody else knows', claims: [{ uri: claim('emailaddress'), value: `${username}@example.com` }] };
  expect((await services.post('/api/identity/user/v1.0/me', { user, properties: [] })).status).toBe(201);
}

describe('asking for a link', () => {
  it('is answered the same, to the byte and the order of headers, known or unknown, with the relay or the bus down (S1, S3)', async () => {
    const states: readonly (readonly [string, () => Promise<void>])[] = [
      ['all-up', async () => undefined],
      ['no-relay', () => services.sink.pause()],
      ['no-bus', async () => void (bus.isDown = true)],
    ];
    const answers: unknown[] = [];
    for (const [state, enter] of states) {
      await services.aUser(`known-${state}`);
      await enter();
      for (const username of [`known-${state}`, `other-${state}`]) {
        const own: unknown[] = [];
        for (const door of byUsername) own.push(...(await door.ask(username, sending())).map(seen));
        answers.push(own);
      }
    }
    expect(answers).toEqual(answers.map(() => answers[0]));
    bus.isDown = false;
    await services.sink.resume();
    for (const [state] of states) expect((await services.mailsTo(`known-${state}`, 1)).length).toBeGreaterThan(0);
  });

  it('is answered the same of an account that waits for its confirmation, and so are a wrong password and asking for that mail again (S1)', async () => {
    await registered('waiting');
    const answersOf = async (username: string) => {
      const answers: RawAnswer[] = [];
      for (const door of byUsername) answers.push(...(await door.ask(username, sending())));
      answers.push(await rawAnswer(services.url, '/api/rekey/v1/session', { username, password: 'none of theirs at all' }, {}));
      answers.push(await sending()('/api/identity/user/v1.0/resend-code', { user: { username }, properties: [{ key: 'RecoveryScenario', value: 'SELF_SIGN_UP' }] }));
      return answers.map(seen);
    };
    expect(await answersOf('waiting')).toEqual(await answersOf('nobody-waits'));
  });
});

describe('the mail of a request that lies about its host', () => {
  const hostile = {
    host: 'evil.test',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '8080',
    forwarded: 'for=192.0.2.1;host=evil.test;proto=http',
    'x-original-url': 'https://evil.test/',
    referer: 'https://evil.test/',
  };

  it.each([...byUsername.filter(({ name }) => !/second|user v1/.test(name)), byAddress])('names the configured one alone, asked at $name (S8)', async (door) => {
    // Of My Account’s door, a foreign origin is refused outright (S37).
    const ways = [hostile, ...(door === myAccount ? [] : [{ ...hostile, origin: 'https://evil.test' }])];
    for (const [way, headers] of ways.entries()) {
      const username = `host-${way}-${door.name.replace(/\W/g, '')}`;
      await services.aUser(username);
      await door.ask(username, sending(headers));
      const [mail] = await services.mailsTo(username, 1);
      expect(mail?.received.raw.toString()).not.toContain('evil');
      expect(mail?.parsed.text).toContain(`${baseUrl}/`);
      expect([mail?.received.envelope.from, mail?.parsed.from?.value[0]?.address]).toEqual(['no-reply@id.example.com', 'no-reply@id.example.com']);
      expect(mail?.received.messageId).toMatch(/@id\.example\.com>$/);
    }
  });

  it.each([['evil.test', 'id.example.com'], ['id.example.com', 'evil.test']])('is the same where it names two: %s and %s (S8)', async (...hosts) => {
    const username = `twice-${hosts.indexOf('evil.test')}`;
    await services.aUser(username);
    const { hostname, port } = new URL(services.url);
    const body = JSON.stringify({ username });
    const socket = connect(Number(port), hostname);
    socket.write(`POST /api/rekey/v1/recovery HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    const [statusLine = ''] = (await text(socket)).split('\r\n');
    expect(statusLine).toMatch(/^HTTP\/1\.1 (202|400) /);
    await myAccount.ask(username, sending());
    for (const { received } of await services.mailsTo(username, 1)) expect(received.raw.toString()).not.toContain('evil');
  });

  it('is the same for an address that names a host, in the request’s first line (S8)', async () => {
    await services.aUser('absolute');
    await rawAnswer(services.url, 'http://evil.test/api/rekey/v1/recovery', { username: 'absolute' }, {});
    await myAccount.ask('absolute', sending());
    const [mail] = await services.mailsTo('absolute', 1);
    expect(mail?.received.raw.toString()).not.toContain('evil');
  });
});

describe('mails', () => {
  it('go to stored addresses alone, however a request words others, at every door (S4, S5)', async () => {
    await services.aUser('victim');
    const names = ['["victim","eve@evil.test"]', '{"address":"victim"}', '"victim,eve@evil.test"', '"victim;eve@evil.test"', '"victim\\r\\nBcc: eve@evil.test"', '"eve@evil.test","username":"victim"'];
    const more = ['email', 'to', 'recipient', 'send-to', 'callback', 'host', 'cc', 'emailaddress'].map((word) => `"victim","${word}":"eve@evil.test"`);
    const property = `"properties":[{"key":"send-to","value":"eve@evil.test"},{"key":"email","value":"eve@evil.test"}]`;
    const bodies: readonly (readonly [string, (name: string) => string])[] = [
      ['/api/rekey/v1/recovery', (name) => `{"username":${name}}`],
      ['/api/rekey/v1/recovery/resend', (name) => `{"username":${name}}`],
      ['/api/identity/recovery/v0.9/recover-password?email=eve@evil.test', (name) => `{"user":{"username":${name}},${property}}`],
      ['/api/identity/user/v1.0/resend-code?to=eve@evil.test', (name) => `{"user":{"username":${name}},${property}}`],
      ['/api/users/v1/recovery/password/init', (name) => `{"claims":[{"uri":"${claim('username')}","value":${name}}],${property}}`],
      ['/api/users/v2/recovery/password/init', (name) => `{"claims":[{"uri":"${claim('username')}","value":${name}}],${property}}`],
      ['/api/users/v2/recovery/username/init', (name) => `{"claims":[{"uri":"${claim('emailaddress')}","value":${name}}],${property}}`],
      ['/api/identity/recovery/v0.9/recover-username?notify=true&email=eve@evil.test', (name) => `[{"uri":"${claim('emailaddress')}","value":${name}}]`],
    ];
    for (const [path, body] of bodies) {
      for (const name of [...names, ...more]) {
        const { status } = await rawAnswer(services.url, path, body(name), administrator);
        expect([path, name, [200, 202, 201, 204, 400].includes(status)]).toEqual([path, name, true]);
      }
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
        expect((await rawAnswer(services.url, path, 'username=victim&email=eve@evil.test', { ...administrator, 'content-type': type })).status).toBe(415);
      }
    }
    await byUsername[2]?.ask('victim', sending());
    await services.mailsTo('victim', 1);
    await allMailed();
    for (const { envelope, raw } of services.sink.mails) {
      expect(envelope.to).toEqual([expect.stringMatching(/@example\.com$/)]);
      expect(raw.toString()).not.toContain('evil.test');
    }
  });

  it('go to nobody for a name that only looks like somebody’s, and to the stored bytes for one that is the same (S6)', async () => {
    await services.aUser('mike', { emails: ['Mike.Smith@example.com'] });
    await services.aUser('straße');
    await services.aUser('zoë');
    const alike = ['mıke', 'mİke', 'ｍike', 'mi\u200Bke', 'mike.', 'mike\u00AD', 'm\u0456ke', '\uFEFFmike', 'strasse', 'straẞe'.replace('ẞ', 'SS'), 'zoe', 'zo\u0451', 'ﬀ'];
    for (const username of alike) for (const door of byUsername) await door.ask(username, sending());
    await allMailed();
    const written = () => services.sink.mails.flatMap(({ envelope }) => envelope.to).filter((address) => /mike|stra|zo/i.test(address));
    expect(written()).toEqual([]);
    for (const username of ['MIKE', 'zoe\u0308']) await myAccount.ask(username, sending());
    await allMailed();
    expect(written().toSorted()).toEqual(['Mike.Smith@example.com', 'zoë@example.com']);
  });

  it('go nowhere where the stored address is a trick, from a directory that was taken over: not to a part of it either (S7)', async () => {
    const tricks = ['"eve@evil.test x"@example.com', 'a@example.com, eve@evil.test', 'a@example.com;eve@evil.test', 'group: eve@evil.test;', 'a@example.com (eve@evil.test)', '<eve@evil.test> a@example.com', 'eve@evil.test@example.com', 'a@example.com\r\nRCPT TO:<eve@evil.test>', `${'('.repeat(5_000)}eve@evil.test${')'.repeat(5_000)}a@example.com`];
    for (const [index, address] of tricks.entries()) {
      await services.aUser(`tricky-${index}`);
      await services.databases[0].query(`UPDATE user_account SET claims = claims || jsonb_build_object($1::text, $2::text) WHERE username = $3`, [claim('emailaddress'), address, `tricky-${index}`]);
      for (const door of byUsername) for (const { status } of await door.ask(`tricky-${index}`, sending())) expect(status).toBeLessThan(500);
    }
    await services.aUser('after-the-tricks');
    await myAccount.ask('after-the-tricks', sending());
    await services.mailsTo('after-the-tricks', 1);
    await allMailed();
    for (const { envelope } of services.sink.mails) expect(envelope.to).toEqual([expect.stringMatching(/^[^@\s"(),:;<>]+@example\.com$/)]);
  });
});

describe('a code', () => {
  /** The tables of both services, the records that go over the bus among them, as text. */
  async function everythingAtRest(): Promise<string> {
    const dumps = services.databases.map(async (database) => {
      const tables = await database.query<{ name: string }>(`SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()`);
      return Promise.all(tables.map(async ({ name }) => JSON.stringify(await database.query(`SELECT to_jsonb(t) AS row FROM ${name} t`))));
    });
    const payloads = await Promise.all(services.databases.map((database) => database.query<{ text: string }>(`SELECT encode(payload, 'escape') AS text FROM outbox`)));
    return [...(await Promise.all(dumps)), payloads.flat().map((row) => row.text)].flat().join('\n');
  }

  it.each([
    ['that is typed', 'typed', async (username: string) => {
      await services.aUser(username);
      const { body } = await services.ask('GET', `/scim2/Users?filter=${encodeURIComponent(`userName eq "${username}"`)}`);
      const [user] = (body as { Resources: { id: string }[] }).Resources;
      await services.ask('PATCH', `/scim2/Users/${user?.id}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: 'urn:scim:wso2:schema:forcePasswordReset', value: true }] });
    }, /^([A-Za-z0-9]{6})$/m],
    ['that confirms a registration', 'confirming', registered, /#key=([\w-]{43})/],
  ])('%s is in the mail alone: in no table and no record on the bus (S16)', async (_what, username, ask, pattern) => {
    await ask(username);
    const [mail] = await services.mailsTo(username, 1);
    const code = pattern.exec(mail?.parsed.text ?? '')?.[1] ?? '';
    expect(code).not.toBe('');
    await allMailed();
    const atRest = await everythingAtRest();
    expect(atRest).toContain('sealedSecret');
    for (const form of [code, Buffer.from(code).toString('base64').replace(/=+$/, ''), Buffer.from(code).toString('hex')]) expect(atRest).not.toContain(form);
  });
});
