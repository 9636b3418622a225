import { BothServices, until } from '../testing/both-services.ts';
import { InterruptibleBus } from '../testing/interruptible-bus.ts';
import { differenceIn, type Comparison } from './same-time.ts';

const pairs = 1_000;
const kinds = ['known', 'unknown'] as const;
const mostUsers = pairs + 100;
const nameOf = (kind: 0 | 1, nth: number): string => `${kind === 0 ? 'a' : 'b'}-person-${nth}`;

let bus: InterruptibleBus;
let services: BothServices;
beforeAll(async () => {
  bus = new InterruptibleBus();
  services = await BothServices.start(bus);
  await services.aUser(nameOf(0, 0), { password: 'a password nobody has guessed' });
  for (let nth = 1; nth < mostUsers; nth++) await services.aUser(nameOf(0, nth));
  await services.databases[0].query(`UPDATE user_account SET password_hash = (SELECT password_hash FROM user_account WHERE username = $1) WHERE username LIKE 'a-person-%'`, [nameOf(0, 0)]);
}, 60_000);
afterAll(() => services.stop());

/** As if nobody had asked before. */
async function afresh(): Promise<void> {
  const [database] = services.databases;
  if (!bus.isDown) await until(async () => (await database.query('SELECT FROM outbox WHERE published_at IS NULL')).length === 0, 'the bus to take all');
  for (const table of ['recovery_flow', 'recovery', 'identity_data']) await database.query(`DELETE FROM ${table}`);
  await database.query('VACUUM ANALYZE');
}

const comparison = (name: string, act: (username: string) => Promise<{ readonly status: number } | number>, expected: number): Comparison => ({
  name,
  kinds,
  pairs,
  prepare: afresh,
  act: async (kind, nth) => {
    const answer = await act(nameOf(kind, nth));
    const status = typeof answer === 'number' ? answer : answer.status;
    if (status !== expected) throw new Error(`answered ${status}`);
  },
});

const askAtMyAccount = (username: string) => services.post('/api/rekey/v1/recovery', { username });
const init = (username: string) => services.post('/api/users/v2/recovery/password/init', { claims: [{ uri: 'http://wso2.org/claims/username', value: username }], properties: [] });

describe('a stranger with a stopwatch', () => {
  it.each([
    comparison('My Account', askAtMyAccount, 202),
    comparison('recovery v0.9', (username) => services.recover(username), 202),
    comparison('users v2 init', init, 200),
    comparison('sign-in with a wrong password', (username) => services.signIn(username, 'not the password'), 401),
  ])('cannot tell who is there at $name (S2)', async (door) => {
    expect(await differenceIn(door)).toBeNull();
  }, 120_000);

  it('cannot either while the relay is down (S2, S3)', async () => {
    await services.sink.pause();
    expect(await differenceIn(comparison('My Account, relay down', askAtMyAccount, 202))).toBeNull();
    await services.sink.resume();
  }, 120_000);

  it('cannot either while the bus is down (S2, S3)', async () => {
    bus.isDown = true;
    expect(await differenceIn(comparison('My Account, bus down', askAtMyAccount, 202))).toBeNull();
    bus.isDown = false;
  }, 120_000);
});
