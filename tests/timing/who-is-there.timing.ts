import { createHash } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { BothServices } from '../testing/both-services.ts';
import { InterruptibleBus } from '../testing/interruptible-bus.ts';
import { differenceIn, type Comparison, type Subject } from './same-time.ts';
import { timesOf } from './stopwatch.ts';

const each = 1_025;
const headers = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`, 'content-type': 'application/json' };
const nameOf = (kind: 0 | 1, nth: number): string => `${kind === 0 ? 'a' : 'b'}-person-${nth}`;

let bus: InterruptibleBus;
let services: BothServices;
beforeAll(async () => {
  bus = new InterruptibleBus();
  services = await BothServices.start(bus);
  await services.aUser(nameOf(0, 0), { password: 'a password nobody has guessed' });
  for (let nth = 1; nth < each; nth++) await services.aUser(nameOf(0, nth));
  await services.databases[0].query(`UPDATE user_account SET password_hash = (SELECT password_hash FROM user_account WHERE username = $1) WHERE username LIKE 'a-person-%'`, [nameOf(0, 0)]);
}, 120_000);
afterAll(() => services.stop());
afterEach(async () => {
  bus.isDown = false;
  await services.sink.resume();
});

/** As if nobody had asked before. */
async function afresh(): Promise<void> {
  const [database] = services.databases;
  if (!bus.isDown) await until(async () => (await database.query('SELECT FROM outbox WHERE published_at IS NULL')).length === 0);
  for (const table of ['recovery_flow', 'recovery', 'identity_data']) await database.query(`DELETE FROM ${table}`);
  await database.query('VACUUM ANALYZE');
}

interface Door {
  readonly name: string;
  readonly path: string;
  readonly body: (username: string) => object;
  readonly status: number;
}

const myAccount: Door = { name: 'My Account', path: '/api/rekey/v1/recovery', body: (username) => ({ username }), status: 202 };
const doors: readonly Door[] = [
  myAccount,
  { name: 'recovery v0.9', path: '/api/identity/recovery/v0.9/recover-password', body: (username) => ({ user: { username } }), status: 202 },
  { name: 'users v2 init', path: '/api/users/v2/recovery/password/init', body: (value) => ({ claims: [{ uri: 'http://wso2.org/claims/username', value }] }), status: 200 },
];
const signIn: Door = { name: 'sign-in with a wrong password', path: '/api/rekey/v1/session', body: (username) => ({ username, password: 'not the password' }), status: 401 };

const at = ({ name, path, body, status }: Door, when = ''): Comparison => ({
  name: name + when,
  kinds: ['known', 'unknown'],
  each,
  measure: async (subjects) => {
    await afresh();
    return timesOf({ url: services.url, headers, requests: subjects.map(({ kind, nth }) => ({ path, body: body(nameOf(kind, nth)) })), status });
  },
});

const keyOf = (nth: number): string => createHash('sha256').update(`key ${nth}`).digest('base64url');

/** @param ends an interval from now, of each of `keyOf` */
async function keysThatEnd(ends: string): Promise<void> {
  const hashes = Array.from({ length: each }, (_, nth) => createHash('sha256').update(keyOf(nth)).digest());
  await services.databases[0].query(
    `INSERT INTO recovery (user_id, purpose, recovery_id, generation, key_hash, sealed_secret, issued_at, expires_at, mailed, decoy)
     SELECT gen_random_uuid(), 'password', gen_random_uuid(), 1, hash, '', now(), now() + $2::interval, true, false FROM unnest($1::bytea[]) AS hash`,
    [hashes, ends],
  );
}

describe('a stranger with a stopwatch', () => {
  it.each(doors)('cannot tell who is there from who is not at $name (S2)', async (door) => {
    expect(await differenceIn(at(door))).toBeNull();
  }, 120_000);

  /** A wrong password is counted on the account, and of nobody there is nothing to count it on: what a step does not round away of 0.2 ms, ranks may show. */
  it('learns less than a millisecond from a wrong password', async () => {
    expect(await differenceIn({ ...at(signIn), ranksMayDiffer: true })).toBeNull();
  }, 120_000);

  it('cannot while the relay is down (S2, S3)', async () => {
    await services.sink.pause();
    expect(await differenceIn(at(myAccount, ', relay down'))).toBeNull();
  }, 120_000);

  it('cannot while the bus is down (S2, S3)', async () => {
    bus.isDown = true;
    expect(await differenceIn(at(myAccount, ', bus down'))).toBeNull();
  }, 120_000);

  it.each([
    { what: 'a key that has expired from one that never was (S26)', kinds: ['expired', 'made up'], ends: '-1 hour', first: keyOf },
    { what: 'how much of a key is right (S25)', kinds: ['right but for its end', 'wrong'], ends: '1 hour', first: (nth: number) => `${keyOf(nth).slice(0, -2)}${keyOf(nth).endsWith('AA') ? 'BA' : 'AA'}` },
  ] as const)('cannot tell $what', async ({ kinds, ends, first }) => {
    const measure = async (subjects: readonly Subject[]): Promise<readonly number[]> => {
      await afresh();
      await keysThatEnd(ends);
      return timesOf({ url: services.url, headers, requests: subjects.map(({ kind, nth }) => ({ path: '/api/rekey/v1/recovery/key', body: { key: kind === 0 ? first(nth) : keyOf(each + nth) } })), status: 400 });
    };
    expect(await differenceIn({ name: 'a key', kinds, measure, each })).toBeNull();
  }, 120_000);
});
