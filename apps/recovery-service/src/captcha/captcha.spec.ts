import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '@rekey/test-kit';
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const demanded = '[identity_mgt.password_reset_email]\nenable_recaptcha = true\n';
const easy = '[captcha]\ndifficulty = 8\n';
const door = '/api/rekey/v1/recovery';
const documented = fileURLToPath(new URL('../../../../docs/captcha.md', import.meta.url));
const v09 = '/api/identity/recovery/v0.9/captcha?captcha-type=ReCaptcha';

interface ShownCaptcha {
  readonly reCaptchaEnabled: boolean;
  readonly challenge: Challenge;
}

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start(demanded + easy);
  await service.database.query(`INSERT INTO tenant (domain) VALUES ('other.example')`);
});
afterAll(() => service.stop());

const request = (username: string, captcha?: unknown, { at, address = door }: { at?: string; address?: string } = {}) =>
  service.ask(address, { as: null, body: { username, ...(captcha === undefined ? {} : { captcha }) }, ...(at === undefined ? {} : { at }) });
const challengeOf = (answer: Answer) => (answer.body as ErrorBody & { readonly challenge: Challenge }).challenge;
const codeOf = (answer: Answer) => [answer.status, (answer.body as ErrorBody).code];
const unsolved = [403, 'RKY-10130'];
const shown = async (query = '&recovery-type=password-recovery') => (await service.ask(v09 + query)).body as ShownCaptcha;

async function solved(challenge: Challenge): Promise<string> {
  return Buffer.from(JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) })).toString('base64');
}

const aSolution = async () => solved(challengeOf(await request('anybody')));

/** Sends a path as it is written: `fetch` would clean it first. */
async function sent(options: RequestOptions, body?: string): Promise<number> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method: 'POST', headers: { 'content-type': 'application/json' }, ...options }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('a door that demands a challenge', () => {
  it('lets nobody through who has solved none, and gives one to solve: known or not, the same (S1)', async () => {
    await service.aUser('known');
    for (const address of [door, `${door}/resend`]) {
      const answers = [await request('known', undefined, { address }), await request('stranger', undefined, { address })];
      expect(answers.map(codeOf)).toEqual([unsolved, unsolved]);
      const [known, stranger] = answers.map(({ text, headers }) => ({ length: text.length, headers: [...headers].filter(([name]) => name !== 'date') }));
      expect(known?.headers).toEqual(stranger?.headers);
    }
    expect(service.eventsOf('PasswordRecoveryRequested', 'known')).toEqual([]);
  });

  it('lets through whoever has solved it', async () => {
    await service.aUser('solver');
    const answer = await request('solver', await aSolution());
    expect(answer.status).toBe(202);
    await service.keyOf('solver');
  });

  it('takes a solution once: of ten at once on two instances, one', async () => {
    await service.aUser('racer');
    const token = await aSolution();
    const other = await service.anotherInstance();
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => request('racer', token, index % 2 ? { at: other.url } : {})));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([202, ...Array.from({ length: 9 }, () => 403)]);
      expect(codeOf(await request('racer', token))).toEqual(unsolved);
    } finally {
      await other.service.stop();
    }
  });

  it('takes no solution in another spelling once more', async () => {
    const token = await aSolution();
    const { challenge, solution } = JSON.parse(Buffer.from(token, 'base64').toString()) as { challenge: Challenge; solution: object };
    const spellings = [{ challenge, solution: { ...solution, time: 7 } }, { solution, challenge }].map((payload) => Buffer.from(JSON.stringify(payload, null, 1)).toString('base64'));
    expect((await request('anybody', token)).status).toBe(202);
    for (const spelling of [...spellings, `${token}=`, token.replace(/=*$/, '')]) expect(codeOf(await request('anybody', spelling))).toEqual(unsolved);
  });

  it('takes no solution that is too late, made up, changed, another purpose’s or another tenant’s', async () => {
    const change = async (more: object) => {
      const token = JSON.parse(Buffer.from(await aSolution(), 'base64').toString()) as { challenge: Challenge };
      return Buffer.from(JSON.stringify({ ...token, challenge: { ...token.challenge, parameters: { ...token.challenge.parameters, ...more } } })).toString('base64');
    };
    await service.reconfigure(`${demanded}${easy}[identity_mgt.username_recovery.email]\nenable_recaptcha = true\n`);
    const forUsernames = await solved((await shown('&recovery-type=username-recovery')).challenge);
    const forOthers = await solved((await shown('&recovery-type=password-recovery&tenant-domain=other.example')).challenge);
    const tokens = [forUsernames, forOthers, await change({ expiresAt: 4_000_000_000 }), await change({ cost: 1 }), await change({ keyPrefix: '' }), await change({ data: { tenantDomain: 'carbon.super', purpose: 'password-recovery', more: 1 } }), 'e30=', Buffer.from('null').toString('base64'), 'no base64!', '{}'];
    for (const token of tokens) expect([token.slice(0, 20), codeOf(await request('anybody', token))]).toEqual([token.slice(0, 20), unsolved]);
    await service.reconfigure(demanded + easy);
  });

  it.each([[7], [true], [{}], [[]], [''], ['\0'], ['x'.repeat(10_000)]])('refuses %p for a solution as malformed (S23)', async (captcha) => {
    expect(codeOf(await request('anybody', captcha))).toEqual([400, 'RKY-10001']);
  });

  it('cannot be gone around by another spelling of its path, another method, type or version (S14)', async () => {
    await service.aUser('bypassed');
    const body = JSON.stringify({ username: 'bypassed' });
    const paths = [`/${door}`, `${door}/`, `${door}//`, '/api//rekey/v1/recovery', '/api/rekey/v1/./recovery', '/api/rekey/v1/x/../recovery', '/api/rekey/v1/%2e/recovery', '/api/rekey/v1/%72ecovery', '/api/rekey%2fv1/recovery', `${door};x=1`, `${door}?captcha=1`, `${door}%00`, '/API/rekey/v1/recovery', `/t/carbon.super${door}`, `/t/carbon.super/${door}`, `${door}/resend/`, `http://evil.test${door}`];
    const ways: RequestOptions[] = [
      ...paths.map((address) => ({ path: address })),
      ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({ path: door, method, headers: { 'content-type': 'application/json', 'x-http-method-override': 'POST' } })),
      ...['application/scim+json', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', ''].map((type) => ({ path: door, headers: { 'content-type': type } })),
    ];
    const refusals = await Promise.all(ways.map(async (way) => [way, await sent(way, body)]));
    expect(refusals.filter(([, status]) => Number(status) < 400)).toEqual([]);
    for (const address of ['/api/identity/recovery/v0.9/recover-password', '/api/identity/user/v1.0/resend-code']) expect([address, await sent({ path: address }, JSON.stringify({ user: { username: 'bypassed' }, properties: [] }))]).toEqual([address, 401]);
    expect(await service.database.query(`SELECT FROM recovery JOIN user_account ON user_id = id WHERE username = 'bypassed'`)).toEqual([]);
  });

  it('is each tenant’s own, and open where the tenant does not want it', async () => {
    await service.ask('/t/other.example/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ', {
      method: 'PATCH',
      body: { operation: 'UPDATE', properties: [{ name: 'Recovery.ReCaptcha.Password.Enable', value: 'false' }] },
    });
    expect((await request('anybody', undefined, { address: `/t/other.example${door}` })).status).toBe(202);
    expect(codeOf(await request('anybody'))).toEqual(unsolved);
  });

  it('leaves administrators and portals alone, who have credentials', async () => {
    await service.aUser('by-portal');
    expect((await service.recover('by-portal')).status).toBe(202);
  });

  it('may be the one that mails the link of a registration again, apart from the one of a recovery', async () => {
    const address = '/api/rekey/v1/registration/resend';
    expect((await request('anybody', undefined, { address })).status).toBe(202);
    await service.reconfigure(`${demanded}${easy}[identity_mgt.user_self_registration]\nallow_self_registration = true\nenable_resend_confirmation_recaptcha = true\n`);
    await service.ask('/api/identity/user/v1.0/me', { body: { user: { username: 'registered', password: 'a password nobody has guessed', claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'registered@example.com' }] } } });
    for (const [username, captcha] of [['registered'], ['stranger'], ['registered', await aSolution()]] as const) expect(codeOf(await request(username, captcha, { address }))).toEqual(unsolved);
    const token = await solved(challengeOf(await request('registered', undefined, { address })));
    expect(codeOf(await request('registered', token))).toEqual(unsolved);
    expect([(await request('registered', token, { address })).status, codeOf(await request('registered', token, { address }))]).toEqual([202, unsolved]);
    await service.keyOf('registered', 2, 'AccountConfirmationRequested');
    await service.reconfigure(demanded + easy);
  });
});

describe('GET /captcha', () => {
  it('tells in WSO2’s shape that a challenge is demanded, and gives one', async () => {
    expect(await shown()).toEqual({ reCaptchaEnabled: true, reCaptchaType: 'proof-of-work', reCaptchaKey: '', reCaptchaAPI: '', challenge: { parameters: expect.objectContaining({ algorithm: 'PBKDF2/SHA-256', data: { tenantDomain: 'carbon.super', purpose: 'password-recovery' } }), signature: expect.any(String) } });
    expect(await shown('&recovery-type=username-recovery')).toEqual({ reCaptchaEnabled: false });
  });

  it.each(['', '&recovery-type=coffee', '&recovery-type=password-recovery&captcha-type=Other', '&recovery-type=password-recovery&tenant-domain=nowhere.example'])('refuses the query "%s"', async (query) => {
    expect((await service.ask(v09 + query)).status).toBe(400);
  });

  it('is for administrators', async () => {
    expect((await service.ask(`${v09}&recovery-type=password-recovery`, { as: null })).status).toBe(401);
  });
});

describe('POST /captcha', () => {
  it('says once of a solution that it is one, and spends it', async () => {
    const token = await solved((await shown()).challenge);
    const verify = async (body: unknown, query = '') => (await service.ask(v09 + query, { body })).body;
    expect(await verify({ token }, '&tenant-domain=other.example')).toEqual({ success: false });
    expect([await verify({ token }), await verify({ token })]).toEqual([{ success: true }, { success: false }]);
    expect(codeOf(await request('anybody', token))).toEqual(unsolved);
    expect(await verify({ token: 'nonsense' })).toEqual({ success: false });
  });

  it('is for administrators', async () => {
    expect((await service.ask(v09, { as: null, body: { token: 'x' } })).status).toBe(401);
  });
});

describe('what was spent', () => {
  it('is forgotten once nobody could use it any more', async () => {
    await request('anybody', await aSolution());
    await service.database.query(`UPDATE captcha_spent SET spent_at = now() - interval '2 days'`);
    const other = await service.anotherInstance();
    await until(async () => (await service.database.query('SELECT FROM captcha_spent')).length === 0);
    await other.service.stop();
  });
});

describe('a verifier of a third party', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'rekey-captcha-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const withModule = async (name: string, code: string, properties = '') => {
    await writeFile(path.join(folder, name), code);
    return ServiceUnderTest.start(`${demanded}[captcha]\nverifier = "${path.join(folder, name)}"\n[captcha.properties]\n${properties}`);
  };

  it('is asked in the place of our own, and a token that it takes counts once', async () => {
    const own = await withModule('own.mjs', `export default { verify: async (token, { tenantDomain, purpose, clientAddress }) => token === [tenantDomain, purpose, clientAddress].join(' ') };`);
    try {
      const ask = (captcha: string) => own.ask(door, { as: null, body: { username: 'anybody', captcha } });
      const refused = await ask('no');
      expect([codeOf(refused), challengeOf(refused)]).toEqual([unsolved, null]);
      const good = 'carbon.super password-recovery 127.0.0.1';
      expect([(await ask(good)).status, codeOf(await ask(good))]).toEqual([202, unsolved]);
    } finally {
      await own.stop();
    }
  });

  it('can be the one of docs/captcha.md, which asks a service', async () => {
    const theirs = createServer((incoming, answer) => void text(incoming).then((form) => answer.end(JSON.stringify({ success: form === 'secret=hush&response=solved' })))).listen(0, '127.0.0.1');
    await once(theirs, 'listening');
    const { port } = theirs.address() as AddressInfo; // of a TCP server that listens
    const [, code = ''] = /^```js\n(.*?)^```/ms.exec(await readFile(documented, 'utf8')) ?? [];
    const own = await withModule('documented.mjs', code, `site_key = "our key"\nsecret = "hush"\nverify_at = "http://127.0.0.1:${port}/"\n`);
    try {
      expect((await own.ask(`${v09}&recovery-type=password-recovery`)).body).toMatchObject({ reCaptchaEnabled: true, reCaptchaType: 'turnstile', reCaptchaKey: 'our key', reCaptchaAPI: expect.stringContaining('https://'), challenge: null });
      const verify = async (token: string) => (await own.ask(v09, { body: { token } })).body;
      expect([await verify('guessed'), await verify('solved'), await verify('solved')]).toEqual([{ success: false }, { success: true }, { success: false }]);
    } finally {
      await own.stop();
      theirs.close();
    }
  });

  it.each([
    ['throws', `export default { verify() { throw new Error('no'); } };`],
    ['answers something else than true', `export default { verify: () => 'yes' };`],
  ])('that %s lets nobody through', async (_, code) => {
    const own = await withModule('bad.mjs', code);
    try {
      expect(codeOf(await own.ask(door, { as: null, body: { username: 'anybody', captcha: 'x' } }))).toEqual(unsolved);
    } finally {
      await own.stop();
    }
  });

  it('that is none is refused at start, by the module and what was expected', async () => {
    await expect(withModule('none.mjs', 'export default { check() {} };')).rejects.toThrow(/\[captcha\].*none\.mjs.*verify\(token/);
    await expect(ServiceUnderTest.start(`[captcha]\nverifier = "./nowhere.mjs"\n`)).rejects.toThrow(/captcha\.verifier.*there is no file/);
  });
});
