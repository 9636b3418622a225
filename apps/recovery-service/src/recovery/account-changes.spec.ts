import { jest } from '@jest/globals';
import type { User } from '@rekey/identity';
import { until } from '@rekey/test-kit';
import { ServiceUnderTest, baseUrl, type Answer, type ErrorBody } from '../testing/service-under-test.ts';
import { wakeChannel } from './account-changes.ts';

const good = 'a password nobody has guessed';
const other = 'another password, as good as that';
const locking = '[identity_mgt.account_locking]\nenable_account_locking = true\nallowed_failed_attempts = 3\nauto_unlock_after = "10m"\n';
const mailsPerHour = 5;
const claim = (name: string): string => `http://wso2.org/claims/${name}`;
const [email, locked, disabled, forced] = [claim('emailaddress'), claim('identity/accountLocked'), claim('identity/accountDisabled'), claim('identity/adminForcedPasswordReset')];

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(`${locking}[rate_limit]\nmails_per_account_per_hour = ${mailsPerHour}\n`)));
afterAll(() => service.stop());
afterEach(() => jest.restoreAllMocks());

const codeOf = (answer: Answer): string => (answer.body as ErrorBody).code;
const signIn = (username: string, password: string) => service.ask('/api/rekey/v1/session', { as: null, body: { username, password } });

async function userOf(username: string): Promise<User> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username });
  if (!user) throw new Error(`there is no user ${username}`);
  return user;
}

async function aUser(username: string): Promise<User> {
  await service.aUser(username, { password: good });
  return userOf(username);
}

async function admin(): Promise<User> {
  const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'admin' });
  if (!user) throw new Error('the service has made no administrator');
  return user;
}

async function aKeyOf(username: string): Promise<string> {
  await service.recover(username);
  return service.keyOf(username);
}

const fail = async (username: string, times = 3) => {
  for (let turn = 0; turn < times; turn++) await signIn(username, 'not the password');
};

/** The last mail of a person is longer ago than the cooldown. */
const cooledDown = (user: User) => service.database.query(`UPDATE recovery SET issued_at = issued_at - interval '61 seconds' WHERE user_id = $1`, [user.id]);

/** Everything about an account that a request for a link must not touch. */
const rowOf = (username: string) =>
  service.database.query(
    `SELECT u::text AS account, d::text AS "identityData", (SELECT array_agg(s::text) FROM session s WHERE s.user_id = u.id) AS sessions
     FROM user_account u LEFT JOIN identity_data d ON d.user_id = u.id WHERE username = $1`,
    [username],
  );

describe('a recovery key', () => {
  it.each<[string, string, (user: User) => Promise<unknown>]>([
    ['password-changed', 'the password is changed', async (user) => service.users.updateCredential(user, good, other)],
    ['address-changed', 'the address is changed', async (user) => service.users.setClaims(user, { [email]: 'elsewhere@example.com' })],
    ['account-disabled', 'the account is disabled', async (user) => service.users.setClaims(user, { [disabled]: 'true' })],
    ['account-locked', 'an administrator locks the account', async (user) => service.users.setClaims(user, { [locked]: 'true' })],
    ['user-deleted', 'the user is deleted', async (user) => service.users.deleteUser(user)],
    ['role-granted', 'the account gets a role', async (user) => service.users.assignRoles(user, ['recovery-client'], await admin())],
    ['forced-by-admin', 'an administrator forces a reset', async (user) => service.users.setClaims(user, { [forced]: 'true' })],
  ])('is dead once %s: %s (S22)', async (reason, _, change) => {
    const username = `void-${reason}`;
    const user = await aUser(username);
    const key = await aKeyOf(username);
    await change(user);
    expect(codeOf(await service.setPassword(key, other))).toBe('18001');
    expect(await service.database.query(`SELECT FROM recovery WHERE user_id = $1 AND voided_at IS NULL AND used_at IS NULL AND generation = 1`, [user.id])).toEqual([]);
    await until(() => service.eventsOf('RecoveryVoided', username).length > 0);
    expect(service.eventsOf('RecoveryVoided', username).map(({ data }) => data)).toMatchObject([{ reason, generation: 1 }]);
  });

  it.each([
    ['a disabled account is enabled', 'enabled-again', disabled],
    ['a locked account is unlocked', 'unlocked-again', locked],
  ])('stays dead when %s again', async (_, username, uri) => {
    const user = await aUser(username);
    const key = await aKeyOf(username);
    for (const value of ['true', 'false']) await service.users.setClaims(user, { [uri]: value });
    expect(codeOf(await service.setPassword(key, other))).toBe('18001');
  });

  it.each([
    ['disables', 'disabled-midway', disabled],
    ['locks', 'locked-midway', locked],
  ])('sets no password where an administrator %s the account while that is being hashed (S22)', async (_, username, uri) => {
    const user = await aUser(username);
    const key = await aKeyOf(username);
    const update = service.users.updateCredentialByAdmin.bind(service.users);
    jest.spyOn(service.users, 'updateCredentialByAdmin').mockImplementationOnce(async (...asked) => {
      await service.users.setClaims(user, { [uri]: 'true' });
      return update(...asked);
    });
    expect(codeOf(await service.setPassword(key, other))).toBe('18001');
    await service.users.setClaims(user, { [uri]: 'false' });
    expect(await service.mayGo(username, good)).toBe(true);
  });

  it('lives on where nothing that matters has changed', async () => {
    const user = await aUser('lives-on');
    const key = await aKeyOf('lives-on');
    await service.users.setClaims(user, { [email]: 'lives-on@example.com', [claim('givenname')]: 'Kim', [disabled]: 'false' });
    expect((await service.setPassword(key, other)).status).toBe(200);
  });

  it('is used or void, where both are tried at once, and neither fails', async () => {
    const names = Array.from({ length: 10 }, (_, racer) => `used-or-void-${racer}`);
    const outcomes = await Promise.all(
      names.map(async (username) => {
        const user = await aUser(username);
        const key = await aKeyOf(username);
        const [answer, change] = await Promise.all([service.setPassword(key, other), service.users.setClaims(user, { [email]: `${username}@elsewhere.example` })]);
        return { status: answer.status, change: change.kind, isOther: await service.mayGo(username, other) };
      }),
    );
    for (const { status, change, isOther } of outcomes) expect([change, status, isOther]).toEqual(['updated', status === 200 ? 200 : 400, status === 200]);
  });

  it('that becomes void wakes the relays at the commit: its mail is called back at once', async () => {
    const user = await aUser('called-back');
    await aKeyOf('called-back');
    let woken = 0;
    const stop = service.database.listen(wakeChannel, () => woken++);
    await until(() => woken === 1);
    await service.users.setClaims(user, { [disabled]: 'true' });
    await until(() => woken === 2);
    await stop();
  });

  it('lives on where the change is undone', async () => {
    const user = await aUser('undone');
    const key = await aKeyOf('undone');
    await service.database.query('ALTER TABLE identity_data RENAME TO identity_data_away');
    await expect(service.users.setClaims(user, { [email]: 'elsewhere@example.com', [disabled]: 'true' })).rejects.toThrow();
    await service.database.query('ALTER TABLE identity_data_away RENAME TO identity_data');
    expect((await service.setPassword(key, other)).status).toBe(200);
  });
});

describe('a recovery key that is being issued', () => {
  /** Happens once, after a request has read the account and before it issues the key. */
  const meanwhile = (change: () => Promise<unknown>) => {
    const read = service.users.findUserWithClaims.bind(service.users);
    jest.spyOn(service.users, 'findUserWithClaims').mockImplementationOnce(async (...asked) => {
      const found = await read(...asked);
      await change();
      return found;
    });
  };
  const elsewhere = 'elsewhere@example.com';

  describe.each([
    ['the first of this person', false],
    ['not the first of this person', true],
  ])('and is %s,', (title, hasEarlier) => {
    const aUserAsking = async (what: string) => {
      const username = `${title.replaceAll(' ', '-')}-${what}`;
      const user = await aUser(username);
      if (hasEarlier) {
        await aKeyOf(username);
        await cooledDown(user);
      }
      return { username, user };
    };
    /** Those of keys issued since, once whatever was to be mailed has been. */
    const mailedSince = async (username: string) => {
      const fence = await aUser(`${username}-fence`);
      await aKeyOf(fence.username);
      return service.eventsOf('PasswordRecoveryRequested', username).slice(hasEarlier ? 1 : 0).map(({ data }) => [data.recipient.address, data.templateType]);
    };

    it('goes to the new address where that is changed meanwhile, and works (S22)', async () => {
      const { username, user } = await aUserAsking('address');
      meanwhile(() => service.users.setClaims(user, { [email]: elsewhere }));
      await service.recover(username);
      expect(await mailedSince(username)).toEqual([[elsewhere, 'passwordreset']]);
      expect((await service.setPassword(await service.keyOf(username, hasEarlier ? 2 : 1), other)).status).toBe(200);
    });

    it.each<[string, (user: User) => Promise<unknown>]>([
      ['disabled', async (user) => service.users.setClaims(user, { [disabled]: 'true' })],
      ['locked', async (user) => service.users.setClaims(user, { [locked]: 'true' })],
      ['deleted', async (user) => service.users.deleteUser(user)],
    ])('is nobody’s where the account is %s meanwhile (S22)', async (what, change) => {
      const { username, user } = await aUserAsking(what);
      meanwhile(() => change(user));
      expect((await service.recover(username)).status).toBe(202);
      expect(await mailedSince(username)).toEqual([]);
      expect(await service.database.query('SELECT FROM recovery WHERE user_id = $1 AND voided_at IS NULL', [user.id])).toEqual([]);
    });

    it('gives way to the one of a reset that an administrator forces meanwhile (S22)', async () => {
      const { username, user } = await aUserAsking('forced');
      meanwhile(() => service.users.setClaims(user, { [forced]: 'true' }));
      await service.recover(username);
      expect(await mailedSince(username)).toEqual([[`${username}@example.com`, 'adminforcedpasswordreset']]);
    });

    it('is handed over only as the account is by then (S22)', async () => {
      const { username, user } = await aUserAsking('handed-over');
      meanwhile(() => service.users.setClaims(user, { [disabled]: 'true' }));
      const key = (await service.recover(username, 'notify=false')).text;
      await service.users.setClaims(user, { [disabled]: 'false' });
      expect(codeOf(await service.setPassword(key, other))).toBe('18001');
    });
  });

  it('is not the old address’s where the change and the request are at once', async () => {
    const names = Array.from({ length: 10 }, (_, racer) => `asked-and-moved-${racer}`);
    await Promise.all(
      names.map(async (username) => {
        const user = await aUser(username);
        await Promise.all([service.recover(username), service.users.setClaims(user, { [email]: elsewhere })]);
      }),
    );
    await until(() => names.every((username) => service.eventsOf('PasswordRecoveryRequested', username).length > 0));
    for (const username of names) {
      const [, ...more] = service.eventsOf('PasswordRecoveryRequested', username);
      expect(more).toEqual([]);
      const toOldAddress = service.eventsOf('PasswordRecoveryRequested', username)[0]?.data.recipient.address !== elsewhere;
      expect((await service.setPassword(await service.keyOf(username), other)).status).toBe(toOldAddress ? 400 : 200);
    }
  });
});

describe('asking for a link', () => {
  it('changes nothing about an account, be it open, locked, disabled, or counted against (S12)', async () => {
    for (const username of ['same-open', 'same-counted', 'same-locked']) await aUser(username);
    await service.users.setClaims(await aUser('same-disabled'), { [disabled]: 'true' });
    await signIn('same-open', good);
    await fail('same-counted', 2);
    await fail('same-locked');
    for (const username of ['same-open', 'same-counted', 'same-locked', 'same-disabled']) {
      const before = await rowOf(username);
      await service.recover(username);
      await service.ask('/api/rekey/v1/recovery/resend', { as: null, body: { username } });
      expect(await rowOf(username)).toEqual(before);
    }
  });

  it('a hundred times, in and out of the cooldown and beyond the mails of an hour, locks nobody out: the old password and the newest link both work (S11)', async () => {
    const user = await aUser('flooded');
    const statuses = new Set<number>();
    for (let wave = 0; wave < 10; wave++) {
      for (const { status } of await Promise.all(Array.from({ length: 10 }, () => service.recover('flooded')))) statuses.add(status);
      await cooledDown(user);
    }
    expect(statuses).toEqual(new Set([202]));
    expect(await service.mayGo('flooded', good)).toBe(true);
    const [secondLast, newest] = [await service.keyOf('flooded', mailsPerHour - 1), await service.keyOf('flooded', mailsPerHour)];
    expect(service.eventsOf('PasswordRecoveryRequested', 'flooded')).toHaveLength(mailsPerHour);
    expect(codeOf(await service.setPassword(secondLast, other))).toBe('18001');
    expect((await service.setPassword(newest, other)).status).toBe(200);
  });
});

describe('a person is told by mail (S33)', () => {
  const told = async (username: string) => {
    await until(() => service.eventsOf('AccountChanged', username).length > 0);
    return service.eventsOf('AccountChanged', username).map(({ data }) => [data.change, data.recipient.address, data.templateType]);
  };

  it('that the password was changed by somebody who knew the old one, and from where', async () => {
    await service.users.updateCredential(await aUser('changed-own'), good, other, { clientAddress: '192.0.2.7' });
    expect(await told('changed-own')).toEqual([['password', 'changed-own@example.com', 'passwordchanged']]);
    expect(service.eventsOf('AccountChanged', 'changed-own')).toMatchObject([{ data: { clientAddress: '192.0.2.7' } }]);
  });

  it('at the old address that there is a new one', async () => {
    const user = await aUser('moved');
    await service.users.setClaims(user, { [email]: 'elsewhere@example.com' });
    expect(await told('moved')).toEqual([['address', 'moved@example.com', 'notifyOnExistingEmailUpdateWithoutVerification']]);
  });

  it('once: neither of an address that is the first, nor of a change that was refused, nor beside the mail about a recovery', async () => {
    await service.aUser('told-once', { password: good, emails: [] });
    const user = await userOf('told-once');
    await service.users.setClaims(user, { [email]: 'first@example.com' });
    await service.users.updateCredential(user, 'not the password', other);
    expect((await service.setPassword(await aKeyOf('told-once'), other)).status).toBe(200);
    await service.users.updateCredential(user, other, good);
    expect(await told('told-once')).toEqual([['password', 'first@example.com', 'passwordchanged']]);
  });
});

describe('an account that wrong passwords have locked', () => {
  it('is recovered all the same, and is open then (S11)', async () => {
    await aUser('locked-out');
    await fail('locked-out');
    expect(await service.mayGo('locked-out', good)).toBe(false);
    expect((await service.setPassword(await aKeyOf('locked-out'), other)).status).toBe(200);
    expect([await service.mayGo('locked-out', good), await service.mayGo('locked-out', other)]).toEqual([false, true]);
  });

  it('keeps the link that was asked for before (S11)', async () => {
    await aUser('locked-later');
    const key = await aKeyOf('locked-later');
    await fail('locked-later');
    expect((await service.setPassword(key, other)).status).toBe(200);
    expect(await service.mayGo('locked-later', other)).toBe(true);
  });

  it('answers the right password, at every door, as an account that nobody has answers any (CVE-2024-0391)', async () => {
    await aUser('silent');
    await fail('silent');
    const doors = [
      (username: string) => signIn(username, good),
      (username: string) => service.ask('/api/identity/recovery/v0.9/recover-password', { as: `${username}:${good}`, body: { user: { username } } }),
    ];
    const shown = ({ status, headers, body }: Answer) => ({ status, body: { ...(body as ErrorBody), traceId: '' }, headers: [...headers].filter(([name]) => name !== 'date').map(([name]) => name) });
    for (const ask of doors) expect(shown(await ask('silent'))).toEqual(shown(await ask('nobody-at-all')));
  });

  it('is told to the person once, of ten wrong passwords at once, and so is its end', async () => {
    const user = await aUser('told');
    await Promise.all(Array.from({ length: 10 }, () => signIn('told', 'not the password')));
    await service.users.setClaims(user, { [locked]: 'false' });
    await until(() => service.eventsOf('AccountUnlocked', 'told').length > 0);
    const [lock, ...more] = service.eventsOf('AccountLocked', 'told');
    expect(more).toEqual([]);
    expect(lock?.data).toMatchObject({ reason: 'failed-attempts', recipient: { address: 'told@example.com' }, linkBase: `${baseUrl}/myaccount/reset`, templateType: 'accountlockfailedattempt' });
    expect(Date.parse(lock?.data.unlocksAt ?? '') - Date.parse(lock?.data.lockedAt ?? '')).toBe(600_000);
    expect(service.eventsOf('AccountUnlocked', 'told')).toMatchObject([{ data: { reason: 'administrator', templateType: 'accountunlock' } }]);
  });

  it('of a person without an address is an event all the same, for whoever else listens, and no mail', async () => {
    await service.aUser('unreachable', { password: good, emails: [] });
    await fail('unreachable');
    await until(() => service.eventsOf('AccountLocked', 'unreachable').length > 0);
    expect(service.eventsOf('AccountLocked', 'unreachable')).toMatchObject([{ data: { recipient: null } }]);
  });
});

describe('an account that an administrator has locked', () => {
  it('gets no link, and an older one opens nothing', async () => {
    const user = await aUser('shut');
    const key = await aKeyOf('shut');
    await service.users.setClaims(user, { [locked]: 'true' });
    expect(codeOf(await service.setPassword(key, other))).toBe('18001');
    expect(codeOf(await service.ask('/api/rekey/v1/recovery/key', { as: null, body: { key } }))).toBe('18001');
    expect(codeOf(await service.ask('/api/identity/recovery/v0.9/validate-code', { body: { code: key } }))).toBe('18001');
    await cooledDown(user);
    await service.recover('shut');
    await aUser('asked-after-shut');
    await aKeyOf('asked-after-shut');
    expect(service.eventsOf('PasswordRecoveryRequested', 'shut')).toHaveLength(1);
  });
});

describe('a reset that an administrator forces', () => {
  it('mails a link of its own kind, and lets nobody in until it was used', async () => {
    const user = await aUser('forced');
    await service.users.setClaims(user, { [forced]: 'true' });
    const key = await service.keyOf('forced');
    expect(service.eventsOf('PasswordRecoveryRequested', 'forced').map(({ data }) => data)).toMatchObject([
      { scenario: 'ADMIN_FORCED_PASSWORD_RESET_VIA_EMAIL_LINK', templateType: 'adminforcedpasswordreset', generation: 1, recipient: { address: 'forced@example.com' } },
    ]);
    const refused = await signIn('forced', good);
    expect([refused.status, codeOf(refused)]).toEqual([401, '17002']);
    expect((await service.setPassword(key, other)).status).toBe(200);
    expect(await service.mayGo('forced', other)).toBe(true);
    expect(await service.users.getClaims(user, [forced])).toEqual({ [forced]: 'false' });
  });

  it('puts its link in the place of one that is on its way', async () => {
    const user = await aUser('forced-over');
    const before = await aKeyOf('forced-over');
    await service.users.setClaims(user, { [forced]: 'true' });
    const after = await service.keyOf('forced-over', 2);
    expect(codeOf(await service.setPassword(before, other))).toBe('18001');
    expect((await service.setPassword(after, other)).status).toBe(200);
  });

  it('and a request at once leave one live link, and neither fails', async () => {
    const names = Array.from({ length: 10 }, (_, racer) => `forced-and-asked-${racer}`);
    const outcomes = await Promise.all(
      names.map(async (username) => {
        const user = await aUser(username);
        const [answer, change] = await Promise.all([service.recover(username), service.users.setClaims(user, { [forced]: 'true' })]);
        return [answer.status, change.kind];
      }),
    );
    expect(outcomes).toEqual(names.map(() => [202, 'updated']));
  });

  it('of a person without an address shuts the account until there is one', async () => {
    await service.aUser('forced-unreachable', { password: good, emails: [] });
    const user = await userOf('forced-unreachable');
    await service.users.setClaims(user, { [forced]: 'true' });
    expect(await service.mayGo('forced-unreachable', good)).toBe(false);
    await service.users.setClaims(user, { [email]: 'reachable@example.com' });
    expect((await service.setPassword(await aKeyOf('forced-unreachable'), other)).status).toBe(200);
    expect(await service.mayGo('forced-unreachable', other)).toBe(true);
  });
});

describe('on every instance of the service', () => {
  it.each<[string, (user: User) => Promise<unknown>]>([
    ['a reset', async ({ username }) => service.setPassword(await aKeyOf(username), other)],
    ['disabling the account', async (user) => service.users.setClaims(user, { [disabled]: 'true' })],
    ['a reset that an administrator forces', async (user) => service.users.setClaims(user, { [forced]: 'true' })],
  ])('%s ends the sessions at once, and the password soon (S32)', async (title, change) => {
    const username = `ended-by-${title.replaceAll(' ', '-')}`;
    const user = await aUser(username);
    const instance = await service.anotherInstance();
    const cookies = (await signIn(username, good)).headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
    const statusAt = async (url: string, headers: Readonly<Record<string, string>>) => (await fetch(`${url}/api/rekey/v1/session`, { headers })).status;
    const basicAt = async (url: string) => (await fetch(`${url}/scim2/Users`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${username}:${good}`).toString('base64')}`, 'content-type': 'application/json' }, body: '{}' })).status;
    const urls = [service.url, instance.url];
    expect(await Promise.all(urls.map((url) => statusAt(url, { cookie: cookies })))).toEqual([200, 200]);
    expect(await Promise.all(urls.map(basicAt))).toEqual([403, 403]);

    await change(user);
    expect(await Promise.all(urls.map((url) => statusAt(url, { cookie: cookies })))).toEqual([401, 401]);
    for (const url of urls) await until(async () => (await basicAt(url)) === 401);
    await instance.service.stop();
  });
});
