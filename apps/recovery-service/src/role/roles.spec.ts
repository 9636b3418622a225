import { randomUUID } from 'node:crypto';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer, type ErrorBody } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const patch = (path: string, value: unknown) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path, value }] });

let service: ServiceUnderTest;
beforeAll(async () => (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const codeOf = ({ body }: Answer) => (body as ErrorBody | null)?.code;
const assign = (id: string, roles: readonly string[], as: string) => service.ask(`/api/rekey/v1/users/${id}/roles`, { method: 'PUT', as, body: { roles } });

/** A tenant with its administrator, and others with the roles that are named. */
async function aTenant() {
  const domain = `${randomUUID()}.example`;
  const boss = await service.aTenant(domain);
  const holders = async () => ((await service.ask(`/t/${domain}/api/rekey/v1/roles`)).body as { users: { id: string; username: string; roles: string[] }[] }).users;
  return {
    domain,
    boss,
    holders,
    bossId: (await holders())[0]?.id ?? '',
    administrators: async () => (await holders()).filter(({ roles }) => roles.includes('administrator')).length,
    async aUser(userName: string, ...roles: readonly string[]) {
      const { id } = (await service.ask('/scim2/Users', { as: boss, body: { userName, password, emails: [`${userName}@${domain}`] } })).body as { id: string };
      if (roles.length > 0) await assign(id, roles, boss);
      return { id, as: `${userName}@${domain}:${password}` };
    },
  };
}

describe('a recovery client', () => {
  const handedOver = async (as: string, username: string) => (await service.ask('/api/identity/recovery/v0.9/recover-password?notify=false', { as, body: { user: { username }, properties: [] } })).text;

  it('has nothing of a key that it was handed before the account got a role, at no door (S22, S34)', async () => {
    const { domain, boss, aUser } = await aTenant();
    const portal = await aUser('portal', 'recovery-client');
    for (const [username, role] of [['promoted', 'administrator'], ['hired', 'recovery-client']] as const) {
      const { id } = await aUser(username);
      const key = await handedOver(portal.as, username);
      const step = (name: string, body: object) => service.ask(`/t/${domain}/api/users/v1/recovery/password/${name}`, { as: portal.as, body });
      const { resetCode } = (await step('confirm', { confirmationCode: key })).body as { resetCode: string };
      expect((await assign(id, [role], boss)).status).toBe(200);
      const answers = [
        await service.ask('/api/identity/recovery/v0.9/set-password', { as: portal.as, body: { key, password: other } }),
        await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: other } }),
        await step('reset', { resetCode, password: other }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 406]);
      await until(() => service.eventsOf('RecoveryVoided', username).length > 0);
      expect(service.eventsOf('RecoveryVoided', username).map(({ data }) => data.reason)).toEqual(['role-granted']);
    }
  });

  it('opens no account that has a role with a key that was handed to an administrator, and any with one that was mailed', async () => {
    const { boss, aUser } = await aTenant();
    const portal = await aUser('portal', 'recovery-client');
    await aUser('colleague', 'administrator');
    const set = (key: string, as: string) => service.ask('/api/identity/recovery/v0.9/set-password', { as, body: { key, password: other } });
    const key = await handedOver(boss, 'colleague');
    expect(codeOf(await set(key, portal.as))).toBe('18001');
    expect((await set(key, boss)).status).toBe(200);
    await service.ask('/api/identity/recovery/v0.9/recover-password', { as: portal.as, body: { user: { username: 'colleague' }, properties: [] } });
    expect((await set(await service.keyOf('colleague'), portal.as)).status).toBe(200);
  });

  it('has a key of an ordinary account, or the account gets its role: never both', async () => {
    const { boss, aUser } = await aTenant();
    const portal = await aUser('portal', 'recovery-client');
    for (let round = 0; round < 10; round++) {
      const { id } = await aUser(`racer-${round}`);
      const [key] = await Promise.all([handedOver(portal.as, `racer-${round}`), assign(id, ['administrator'], boss)]);
      expect(codeOf(await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key, password: other } }))).toBe('18001');
    }
  });
});

describe('who has a role', () => {
  it('is listed by name, from page to page, of one tenant alone', async () => {
    const { domain, boss, aUser } = await aTenant();
    for (const name of ['zoe', 'adam', 'mia']) await aUser(name, 'recovery-client', 'administrator');
    const page = async (query: string) => (await service.ask(`/t/${domain}/api/rekey/v1/roles${query}`, { as: boss })).body as { totalResults: number; users: { username: string }[] };
    const shown = async (query: string) => {
      const { totalResults, users } = await page(query);
      return [totalResults, ...users.map(({ username }) => username)];
    };
    expect([await shown('?limit=2'), await shown('?limit=2&offset=2'), await shown('?offset=4'), await shown('?limit=0')]).toEqual([[4, 'adam', 'boss'], [4, 'mia', 'zoe'], [4], [4]]);
    expect(await shown('')).toEqual([4, 'adam', 'boss', 'mia', 'zoe']);
    for (const query of ['?limit=-1', '?limit=1001', '?offset=x', '?limit=1&limit=2']) expect(codeOf(await service.ask(`/t/${domain}/api/rekey/v1/roles${query}`, { as: boss }))).toBe('RKY-10001');
  });
});

describe('an administrator whose role was taken', () => {
  it('gives it back neither to themselves nor to anybody, however fast (S34)', async () => {
    const { domain, boss, bossId, aUser, holders } = await aTenant();
    const fallen = await aUser('fallen', 'administrator');
    const friend = await aUser('friend');
    // Remembered from here on as an administrator, for a second.
    expect((await service.ask('/scim2/Users', { as: fallen.as })).status).toBe(200);
    const [taken, ...regained] = await Promise.all([assign(fallen.id, [], boss), ...Array.from({ length: 20 }, () => assign(fallen.id, ['administrator'], fallen.as))]);
    expect(taken.status).toBe(200);
    for (const { status } of [...regained, await assign(friend.id, ['administrator'], fallen.as)]) expect([200, 403]).toContain(status);
    expect((await assign(friend.id, ['administrator'], fallen.as)).status).toBe(403);
    expect((await holders()).map(({ id }) => id)).toEqual([bossId]);
    expect((await service.ask(`/t/${domain}/api/rekey/v1/users/${bossId}/roles`)).body).toEqual({ id: bossId, username: 'boss', roles: ['administrator'] });
  });
});

describe('the last administrator of a tenant who may sign in', () => {
  it.each([
    ['active', false],
    ['urn:scim:wso2:schema:accountDisabled', true],
    ['urn:scim:wso2:schema:accountLocked', true],
  ])('stays one who may: %s is not %s', async (path, value) => {
    const { boss, bossId, aUser } = await aTenant();
    const bossResource = `/scim2/Users/${bossId}`;
    expect(codeOf(await service.ask(bossResource, { method: 'PATCH', as: boss, body: patch(path, value) }))).toBe('RKY-10126');
    const second = await aUser('second', 'administrator');
    expect((await service.ask(`/scim2/Users/${second.id}`, { method: 'PATCH', as: boss, body: patch(path, value) })).status).toBe(200);
    expect(codeOf(await service.ask(bossResource, { method: 'PATCH', as: boss, body: patch(path, value) }))).toBe('RKY-10126');
    expect(codeOf(await assign(bossId, [], boss))).toBe('RKY-10126');
    expect((await service.ask('/scim2/Users', { as: boss })).status).toBe(200);
  });

  it('is there still where two delete, disable, or take the role from, each other at once', async () => {
    const ways: readonly ((id: string, as: string) => Promise<Answer>)[] = [
      async (id, as) => service.ask(`/scim2/Users/${id}`, { method: 'DELETE', as }),
      async (id, as) => service.ask(`/scim2/Users/${id}`, { method: 'PATCH', as, body: patch('active', false) }),
      async (id, as) => assign(id, [], as),
    ];
    for (const [index, remove] of [...ways, ...ways].entries()) {
      const { boss, bossId, aUser, administrators } = await aTenant();
      const second = await aUser('second', 'administrator');
      await Promise.all([remove(second.id, boss), (ways[(index + Math.floor(index / ways.length)) % ways.length] ?? remove)(bossId, second.as)]);
      const usable = await Promise.all([boss, second.as].map(async (as) => (await service.ask('/scim2/Users', { as })).status === 200));
      expect([index, await administrators() > 0, usable.includes(true)]).toEqual([index, true, true]);
    }
  });

  it('are gone with the next request, by credentials and in a browser', async () => {
    const { boss, aUser } = await aTenant();
    const { id, as } = await aUser('ada', 'auditor');
    const tenant = `/t/${as.split(/[@:]/)[1]}`;
    const cookie = await service.cookieOf(as, tenant);
    const statuses = async () => [(await service.ask(`${tenant}/api/rekey/v1/roles`, { as })).status, (await service.ask(`${tenant}/api/rekey/v1/roles`, { as: null, headers: { cookie } })).status];
    const shown = async () => ((await service.ask(`${tenant}/api/rekey/v1/session`, { as: null, headers: { cookie } })).body as { user: { roles: string[] } }).user.roles;
    expect([await statuses(), await shown()]).toEqual([[200, 200], ['auditor']]);
    await assign(id, [], boss);
    expect([await statuses(), await shown()]).toEqual([[403, 403], []]);
  });

  it('does not delete the own account by another spelling of its id, alone or in a bulk', async () => {
    const { boss, bossId, aUser, administrators } = await aTenant();
    await aUser('second', 'administrator');
    expect(codeOf(await service.ask(`/scim2/Users/${bossId.toUpperCase()}`, { method: 'DELETE', as: boss }))).toBe('RKY-10005');
    const bulk = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [{ method: 'DELETE', path: `/Users/${bossId.toUpperCase()}` }] };
    expect((await service.ask('/scim2/Bulk', { as: boss, body: bulk })).body).toMatchObject({ Operations: [{ status: '403' }] });
    expect(await administrators()).toBe(2);
  });
});
