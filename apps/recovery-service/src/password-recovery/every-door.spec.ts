import { until } from '@rekey/test-kit';
import { jest } from '@jest/globals';
import { Steps, bodyOf } from '../recovery-flow/testing/steps.ts';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const good = 'a password nobody has guessed';
const password = 'the password from before all this';

let service: ServiceUnderTest;
let v2: Steps;
beforeAll(async () => {
  service = await ServiceUnderTest.start('[identity_mgt.user_self_registration]\nallow_self_registration = true\n');
  v2 = new Steps(service, 'v2');
});
afterAll(() => service.stop());

interface Door {
  readonly name: string;
  readonly ask: (key: unknown, tenant?: string) => Promise<Answer>;
}

const door = (path: string, body: (key: unknown) => object, as?: null): Door => ({
  name: path,
  ask: (key, tenant = '') => service.ask(`${tenant}/api/${path}`, { body: body(key), ...(as === null ? { as } : {}) }),
});
const code = (key: unknown) => ({ code: key });
/** What sets a password, or says whether a key would. */
const passwordDoors: readonly Door[] = [
  door('identity/recovery/v0.9/set-password', (key) => ({ key, password: good })),
  door('identity/recovery/v0.9/validate-code', code),
  door('rekey/v1/recovery/key', (key) => ({ key }), null),
  door('rekey/v1/recovery/reset', (key) => ({ key, password: good }), null),
  door('users/v1/recovery/password/confirm', (key) => ({ confirmationCode: key })),
  door('users/v2/recovery/password/confirm', (key) => ({ confirmationCode: key })),
];
const introspecting = door('identity/user/v1.0/introspect-code', code);
/** What takes keys of accounts that are to be confirmed, too. */
const doors: readonly Door[] = [...passwordDoors, door('identity/user/v1.0/validate-code', code), introspecting, door('rekey/v1/registration/confirm', (key) => ({ key }), null)];

const seen = ({ status, headers, text }: Answer, key: unknown) => ({ status, headers: [...headers].filter(([name]) => name !== 'date'), text: text.replace(/"traceId":"[^"]+"/, '').replaceAll(String(key), 'key') });
const rowOf = (username: string) => `user_id = (SELECT id FROM user_account WHERE username = '${username}')`;
const hashes = async () => service.database.query('SELECT id, password_hash FROM user_account ORDER BY id');

async function aKeyOf(username: string): Promise<string> {
  await service.aUser(username, { password });
  await service.recover(username);
  return service.keyOf(username);
}

async function userOf(username: string) {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (!user) throw new Error(`there is no user ${username}`);
  return user;
}

describe('a key that is not live', () => {
  const dead: Record<string, string> = { 'made by another server': '5c765a47-6764-4048-b5cf-55864cb654c0' };
  let ofRegistration: string;
  let live: string;
  beforeAll(async () => {
    for (const why of ['spent', 'expired', 'superseded', 'readdressed', 'disabled', 'changed']) dead[why] = await aKeyOf(why);
    await service.setPassword(dead['spent'], good);
    await service.database.query(`UPDATE recovery SET expires_at = now() WHERE ${rowOf('expired')}`);
    await service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds' WHERE ${rowOf('superseded')}`);
    await service.recover('superseded');
    await service.users.setClaims(await userOf('readdressed'), { 'http://wso2.org/claims/emailaddress': 'elsewhere@example.com' });
    await service.users.setClaims(await userOf('disabled'), { 'http://wso2.org/claims/identity/accountDisabled': 'true' });
    await service.users.updateCredential(await userOf('changed'), password, 'another password, as good as that');
    const registration = { user: { username: 'registered', realm: 'PRIMARY', password, claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'registered@example.com' }] }, properties: [] };
    await service.ask('/api/identity/user/v1.0/me', { body: registration });
    ofRegistration = await service.keyOf('registered', 1, 'AccountConfirmationRequested');
    live = await aKeyOf('of-this-tenant');
    await service.aTenant('acme.example');
  });

  it.each(doors)('is none at $name, whatever it died of, and none that anybody had (S18, S20, S21, S22, S26)', async (door) => {
    const before = await hashes();
    const madeUp = seen(await door.ask('A'.repeat(43)), 'A'.repeat(43));
    expect([400, 406]).toContain(madeUp.status);
    for (const [why, key] of Object.entries(dead)) {
      // That it has expired is what a portal asks there.
      if (door === introspecting && why === 'expired') continue;
      expect([why, seen(await door.ask(key), key)]).toEqual([why, madeUp]);
    }
    expect(await hashes()).toEqual(before);
  });

  it.each(passwordDoors)('is the key of a registration at $name (S17)', async (door) => {
    expect(seen(await door.ask(ofRegistration), ofRegistration)).toEqual(seen(await door.ask('A'.repeat(43)), 'A'.repeat(43)));
  });

  it.each(doors)('is another tenant’s at $name (S17)', async (door) => {
    const answer = await door.ask(live, '/t/acme.example');
    expect(seen(answer, live)).toEqual(seen(await door.ask('A'.repeat(43), '/t/acme.example'), 'A'.repeat(43)));
  });

  it('leaves those alone that are: they work afterwards', async () => {
    expect((await service.setPassword(live, good)).status).toBe(200);
    expect((await service.ask('/api/identity/user/v1.0/validate-code', { body: { code: ofRegistration } })).status).toBe(202);
  });
});

describe('what is no key', () => {
  const nothings = [null, '', [], ['A'.repeat(43)], {}, true, 0, 1e300, { $ne: 1 }, 'x'.repeat(1025), 'nul\0', 'half \ud800'];

  it.each(doors)('is refused at $name with 400, and changes nothing (S23)', async (door) => {
    const before = await hashes();
    for (const nothing of nothings) {
      const answer = await door.ask(nothing);
      expect([nothing, answer.status, (answer.body as ErrorBody).code]).toEqual([nothing, 400, 'RKY-10001']);
    }
    expect((await door.ask('k'.repeat(1_048_576))).status).toBe(413);
    expect(await hashes()).toEqual(before);
  });
});

describe('one key at every door at once', () => {
  it('sets one of fifty passwords, which then holds, and tells the person once (S19)', async () => {
    await service.aUser('raced');
    const { flowConfirmationCode } = await v2.toMail('raced');
    const key = await service.keyOf('raced');
    const { resetCode } = bodyOf(await v2.confirm(key));
    const racers: readonly ((password: string) => Promise<Answer>)[] = [
      (given) => service.setPassword(key, given),
      (given) => service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: given } }),
      (given) => v2.reset(resetCode, given, flowConfirmationCode),
    ];
    const passwords = Array.from({ length: 50 }, (_, racer) => `the password of racer ${racer}`);
    const answers = await Promise.all(passwords.map(async (given, racer) => racers[racer % racers.length]?.(given)));
    const winners = passwords.filter((_, racer) => answers[racer]?.status === 200);
    expect(winners).toHaveLength(1);
    expect(await service.mayGo('raced', winners[0] ?? '')).toBe(true);
    await until(() => service.eventsOf('PasswordRecovered', 'raced').length > 0);
    expect(await service.database.query(`SELECT FROM outbox WHERE headers->>'ce_type' = 'PasswordRecovered' AND key = (SELECT id::text FROM user_account WHERE username = 'raced')`)).toHaveLength(1);
  });

  it('is mailed once, however many ask for it and wherever: one key is live (S20)', async () => {
    await service.aUser('asked-everywhere');
    await Promise.all(Array.from({ length: 20 }, (_, nth) => (nth % 2 === 0 ? service.recover('asked-everywhere') : service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'asked-everywhere' } }))));
    await service.keyOf('asked-everywhere');
    expect(service.eventsOf('PasswordRecoveryRequested', 'asked-everywhere')).toHaveLength(1);
    expect(await service.database.query(`SELECT FROM recovery WHERE ${rowOf('asked-everywhere')}`)).toHaveLength(1);
  });
});

describe('a reset with a step left out', () => {
  it('is none without the mailed key: with another person’s session, after looking at the page, with other words for it (S27)', async () => {
    const key = await aKeyOf('victim');
    await service.aUser('attacker', { password });
    const signedIn = await service.ask('/api/rekey/v1/session', { as: null, body: { username: 'attacker', password } });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const before = await hashes();
    await service.ask('/api/rekey/v1/recovery/key', { as: null, headers: { cookie }, body: { key } });
    const attempts: readonly object[] = [{ password: good }, { username: 'victim', password: good }, { key: '', password: good }, { step: 3, password: good }, { key: 'A'.repeat(43), password: good, username: 'victim' }, { confirmed: true, password: good }, { code: key, password: good }];
    for (const body of attempts) {
      for (const address of ['/api/rekey/v1/recovery/reset', '/api/identity/recovery/v0.9/set-password', '/api/users/v1/recovery/password/reset', '/api/users/v2/recovery/password/reset']) {
        expect([address, body, (await service.ask(address, { headers: { cookie }, body })).status]).toEqual([address, body, 400]);
      }
    }
    for (const method of ['GET', 'PUT', 'PATCH']) expect((await service.ask('/api/rekey/v1/recovery/reset', { method, as: null, headers: { cookie } })).status).toBe(404);
    expect(await hashes()).toEqual(before);
    expect((await service.setPassword(key, good)).status).toBe(200);
  });
});

describe('the end of a key', () => {
  afterEach(() => void jest.useRealTimers());

  it.each([-1, 1])('is told by the database’s clock, be the service’s own %d hour off (S21)', async (hours) => {
    const [early, late] = [await aKeyOf(`early-${hours}`), await aKeyOf(`late-${hours}`)];
    await service.database.query(`UPDATE recovery SET expires_at = now() + interval '20 seconds' WHERE ${rowOf(`early-${hours}`)}`);
    await service.database.query(`UPDATE recovery SET expires_at = now() - interval '1 second' WHERE ${rowOf(`late-${hours}`)}`);
    jest.useFakeTimers({ now: Date.now() + hours * 3_600_000, doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    for (const { ask } of passwordDoors.filter(({ name }) => /\/(key|validate-code|confirm)$/.test(name))) {
      expect((await ask(early)).status).toBeLessThan(300);
      expect((await ask(late)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await service.setPassword(late, good)).status).toBe(400);
    expect((await service.setPassword(early, good)).status).toBe(200);
  });
});
