import { jest } from '@jest/globals';
import { PasswordHasher } from '@rekey/identity';
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

/** Tells how many passwords are being hashed or wait for it; those turned away are none of them. */
function hashingsInHand(): () => number {
  let inHand = 0;
  for (const name of ['hash', 'verify'] as const) {
    const work = PasswordHasher.prototype[name] as (...given: unknown[]) => Promise<never>; // of either; what it is given and answers is passed on
    jest.spyOn(PasswordHasher.prototype, name).mockImplementation(async function (this: PasswordHasher, ...given: unknown[]) {
      inHand++;
      return work.apply(this, given).finally(() => inHand--);
    });
  }
  return () => inHand;
}

describe('a flood of new passwords', () => {
  it('is answered with 503 and a time to come back where the queue is full; health answers meanwhile, and no more is hashed than the queue holds (S30)', async () => {
    // Costly ones, so that requests surely come faster than hashes are made.
    await service.reconfigure('[password_hashing]\niterations = 8');
    const usernames = Array.from({ length: 200 }, (_, index) => `flooding-${index}`);
    const keys: string[] = [];
    for (const username of usernames) keys.push((await service.recover(await service.aUser(username, { password: undefined }), 'notify=false')).text);
    const inHand = hashingsInHand();
    let [mostInHand, isOver] = [0, false];
    const flood = Promise.all(keys.map((key) => service.setPassword(key, good)));
    void flood.finally(() => (isOver = true));
    const healthy: number[] = [];
    while (!isOver) {
      healthy.push((await service.ask('/health/live', { as: null })).status);
      mostInHand = Math.max(mostInHand, inHand());
    }
    const answers = await flood;
    const turnedAway = answers.filter(({ status }) => status !== 200);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway.length).toBeLessThan(200);
    expect(turnedAway.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(turnedAway.map(() => [503, '5']));
    expect(new Set(healthy)).toEqual(new Set([200]));
    // Two at once, and 64 that wait: what bounds the memory, too.
    expect(mostInHand).toBeGreaterThan(2);
    expect(mostInHand).toBeLessThanOrEqual(66);
    expect((await service.setPassword(keys[answers.indexOf(turnedAway[0] as Answer)], good)).status).toBe(200);
  }, 120_000);
});
