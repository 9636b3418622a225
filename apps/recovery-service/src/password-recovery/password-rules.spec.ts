import { jest } from '@jest/globals';
import { PasswordHasher } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { holdHashing } from '../testing/held-hashing.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const good = 'a password nobody has guessed';
const other = 'another one nobody has guessed';

let service: ServiceUnderTest;
beforeAll(async () => {
  service = await ServiceUnderTest.start(`
[identity_mgt.password_policy]
min_length = 8
context_words = ["Zeppelin"]
[identity_mgt.password_history]
enable = true
count = 2
[password_hashing]
memory_kib = 20480
iterations = 3
`);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => service.stop());

const bodyOf = (answer: Answer) => answer.body as ErrorBody;
const reasonsOf = (answer: Answer) => bodyOf(answer).reasons?.map(({ code }) => code);

async function aKeyOf(username: string): Promise<string> {
  await service.aUser(username, { password: good });
  await service.recover(username);
  return service.keyOf(username);
}

describe('the rules for passwords, as deployment.toml has them', () => {
  it('are the same for a key from WSO2’s clients, a key from My Account, whoever changes their own, and a new user (S28)', async () => {
    const key = await aKeyOf('ruled');
    const session = await service.ask('/api/rekey/v1/session', { as: null, body: { username: 'ruled', password: good } });
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    for (const [password, reason] of [['iloveyou', 'breached'], ['xk3vxk3v', 'predictable'], ['my Zeppelin', 'contains-context-word'], ['rekey it!', 'contains-context-word']] as const) {
      const answers = [
        await service.setPassword(key, password),
        await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password } }),
        await service.ask('/api/rekey/v1/me/password', { as: null, body: { oldPassword: good, password }, headers: { cookie } }),
        await service.ask('/scim2/Users', { body: { userName: 'nobody-yet', password } }),
      ];
      expect(answers.map((answer) => [answer.status, bodyOf(answer).code, reasonsOf(answer)])).toEqual(answers.map(() => [412, '20035', [reason]]));
    }
    expect((await service.setPassword(key, 'Password1!')).status).toBe(200);
  });

  it('refuse a password of a moment ago with 412, 22001 and the same key, which still works', async () => {
    const key = await aKeyOf('historic');
    const refused = await service.setPassword(key, good);
    expect([refused.status, bodyOf(refused).code, bodyOf(refused).key, reasonsOf(refused)]).toEqual([412, '22001', key, ['used-before']]);
    expect((await service.setPassword(key, other)).status).toBe(200);
    await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds'`);
    await service.recover('historic');
    const next = await service.keyOf('historic', 2);
    expect([bodyOf(await service.setPassword(next, good)).code, bodyOf(await service.setPassword(next, other)).code]).toEqual(['22001', '22001']);
    expect((await service.setPassword(next, 'a third one, still not guessed')).status).toBe(200);
  });

  it('store a password as argon2id at the configured cost, two equal ones as two hashes (S29)', async () => {
    await service.aUser('hashed-one', { password: good });
    await service.aUser('hashed-two', { password: good });
    const rows = await service.database.query<{ hash: string }>(`SELECT password_hash AS hash FROM user_account WHERE username LIKE 'hashed-%'`);
    expect(rows.map(({ hash }) => hash)).toEqual([0, 1].map(() => expect.stringMatching(/^\$argon2id\$v=19\$m=20480,t=3,p=1\$/)));
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(2);
  });

  it('hash a password anew at the next sign-in where it was hashed at another cost (S29)', async () => {
    await service.aUser('renewed', { password: good });
    await service.database.query(`UPDATE user_account SET password_hash = $1 WHERE username = 'renewed'`, [await new PasswordHasher().hash(good)]);
    expect(await service.mayGo('renewed', good)).toBe(true);
    const [row] = await service.database.query<{ hash: string }>(`SELECT password_hash AS hash FROM user_account WHERE username = 'renewed'`);
    expect(row?.hash).toMatch(/m=20480,t=3,p=1/);
    expect(await service.mayGo('renewed', good)).toBe(true);
  });
});

describe('a flood of new passwords', () => {
  it('is answered with 503 and a time to come back where the queue is full; health answers meanwhile, and no more is hashed than the queue holds (S30)', async () => {
    const usernames = Array.from({ length: 100 }, (_, index) => `flooding-${index}`);
    const keys: string[] = [];
    for (const username of usernames) keys.push((await service.recover(await service.aUser(username, { password: undefined }), 'notify=false')).text);
    const reset = (key: string) => service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: good } });
    const { inHand, release } = holdHashing();
    const turnedAway: { readonly key: string; readonly answer: Answer }[] = [];
    const flood = keys.map(async (key) => {
      const answer = await reset(key);
      if (answer.status !== 200) turnedAway.push({ key, answer });
    });
    await until(() => turnedAway.length + inHand(), (reached) => reached === keys.length);
    expect((await service.ask('/health/live', { as: null })).status).toBe(200);
    // Two at once, and 64 that wait: what bounds the memory, too.
    expect(inHand()).toBe(66);
    release();
    await Promise.all(flood);
    expect(turnedAway.map(({ answer: { status, headers } }) => [status, headers.get('retry-after')])).toEqual(Array.from({ length: keys.length - 66 }, () => [503, '5']));
    expect((await reset(turnedAway[0]?.key ?? '')).status).toBe(200);
  });
});
