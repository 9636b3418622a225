import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { HashQueueFullError, PasswordHasher } from '@rekey/identity';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const rules = `export default { pre: { updateCredentialByAdmin: ({ user }) => {
  if (user.username === 'failing') throw new Error('out of order');
  if (user.username === 'locked') return { kind: 'refuse', code: '17003', message: 'Locked, they say.' };
  return user.username === 'fasting' ? { kind: 'refuse', code: 'NOT-TODAY', message: 'No new passwords on holidays.' } : { kind: 'continue' };
} } };`;

const withHistory = '[identity_mgt.password_history]\nenable = true\n';

let folder: string;
let withRules: string;
let service: ServiceUnderTest;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-rules-'));
  const module = path.join(folder, 'rules.mjs');
  await writeFile(module, rules);
  withRules = `${withHistory}[[event_listener]]\nid = "rules"\norder = 40\nmodule = "${module}"`;
  service = await ServiceUnderTest.start(withRules);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

async function aKeyOf(username: string): Promise<string> {
  await service.aUser(username, { password });
  await service.recover(username);
  return service.keyOf(username);
}

/** At both doors. */
const tries = async (key: string, given: string) => [await service.setPassword(key, given), await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: given } })];
const shown = ({ status, body, headers }: Answer) => {
  const { code, description, key, reasons } = body as ErrorBody;
  return { status, code, description, key, reasons, scheme: headers.get('www-authenticate') };
};

describe('a password that is refused at a reset', () => {
  it('breaks the policy: 412, every reason, and the key, which works still', async () => {
    const key = await aKeyOf('ruled');
    for (const answer of await tries(key, 'short')) expect(shown(answer)).toMatchObject({ status: 412, code: '20035', key, reasons: [{ code: 'too-short' }] });
    expect((await service.setPassword(key, other)).status).toBe(200);
  });

  it.each([
    ['fasting', 'NOT-TODAY', 'No new passwords on holidays.'],
    ['locked', '17003', 'Locked, they say.'],
  ])('is against a rule of the deployment’s own: 403, that rule’s code and words, and the key, which works still (%s)', async (username, code, message) => {
    const key = await aKeyOf(username);
    for (const answer of await tries(key, other)) expect(shown(answer)).toEqual({ status: 403, code: 'RKY-10012', description: message, key, reasons: [{ code, message }], scheme: null });
    await service.reconfigure(withHistory);
    expect((await service.setPassword(key, other)).status).toBe(200);
    await service.reconfigure(withRules);
  });

  it('is refused by a listener that failed: 500 without the key', async () => {
    for (const answer of await tries(await aKeyOf('failing'), other)) expect(shown(answer)).toMatchObject({ status: 500, code: '18013', key: undefined, reasons: undefined });
  });

  it('could not be compared with the last ones, as too many wait: 503 without the key', async () => {
    const key = await aKeyOf('waiting');
    jest.spyOn(PasswordHasher.prototype, 'verifyAny').mockRejectedValue(new HashQueueFullError(64));
    for (const answer of await tries(key, other)) {
      expect(shown(answer)).toMatchObject({ status: 503, code: 'RKY-10007', key: undefined, reasons: undefined });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
  });
});
