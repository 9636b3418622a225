import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type Answer } from '../testing/service-under-test.ts';
import { bodyOf, outcomeOf, started, Steps, type Version } from './testing/steps.ts';

const enabled = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n';
const claim = (name: string, value: string) => ({ uri: `http://wso2.org/claims/${name}`, value });
const address = (username: string) => [claim('emailaddress', `${username}@example.com`)];

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(enabled)));
afterAll(() => service.stop());

describe.each<Version>(['v1', 'v2'])('recovering a username by the steps of %s', (version) => {
  const steps = () => new Steps(service, version);
  const init = (claims: unknown, own = steps()) => own.call('username/init', { claims, properties: [] });
  const recover = (recoveryCode: unknown, channelId: unknown = '1', own = steps()) => own.call('username/recover', { recoveryCode, channelId, properties: [] });

  it('mails it to the stored address of whoever has the claims', async () => {
    const name = await service.aUser(`forgot-${version}`);
    const answer = await init(address(name));
    expect([answer.status, answer.body]).toEqual([200, [{
      mode: 'recoverWithNotifications',
      channelInfo: { recoveryCode: expect.stringMatching(/^[\w-]{43}$/), channels: [{ id: '1', type: 'EMAIL', value: '*****@*****', preferred: true }] },
      links: [{ rel: 'next', href: `/t/carbon.super/api/users/${version}/recovery/username/recover`, type: 'POST' }],
    }]]);
    const told = await recover(started(answer).recoveryCode);
    expect([told.status, told.body]).toEqual([202, { code: 'UNR-02001', message: expect.any(String), notificationChannel: 'EMAIL' }]);
    await until(() => service.eventsOf('UsernameRecoveryRequested', name).length === 1);
    expect(outcomeOf(await recover(started(answer).recoveryCode))).toEqual([406, 'UAR-10001']);
  });

  it('answers for whoever is not there as for anybody, and for several too (S1)', async () => {
    const name = await service.aUser(`there-${version}`);
    for (const twin of ['a', 'b']) await service.aUser(`twin-${twin}-${version}`, { name: { familyName: `Twin${version}` } });
    const shape = ({ status, text }: Answer) => ({ status, text: text.replace(/"[\w-]{43}"/g, '"code"') });
    const seen: unknown[] = [];
    for (const claims of [address(name), address(`absent-${version}`), [claim('lastname', `Twin${version}`)]]) {
      const answer = await init(claims);
      seen.push([shape(answer), shape(await recover(started(answer).recoveryCode))]);
    }
    expect(seen).toEqual(seen.map(() => seen[0]));
    await until(() => service.eventsOf('UsernameRecoveryRequested', name).length === 1);
  });

  it('takes no code of a password’s recovery, nor the other way round (S27)', async () => {
    const name = await service.aUser(`crossed-${version}`);
    const [ofName, ofPassword] = [started(await init(address(name))).recoveryCode, started(await steps().init(name)).recoveryCode];
    expect(outcomeOf(await recover(ofPassword))).toEqual([404, 'UAR-10008']);
    expect(outcomeOf(await steps().recover(ofName))).toEqual([404, 'UAR-10008']);
    await service.database.query(`UPDATE recovery_flow SET recovery_code_expires_at = now() WHERE user_id = (SELECT id FROM user_account WHERE username = $1)`, [name]);
    expect(outcomeOf(await recover(ofName))).toEqual([406, 'UAR-10013']);
    expect(outcomeOf(await recover('A'.repeat(43), '2'))).toEqual([406, 'UAR-10004']);
  });

  it('refuses claims that nobody is looked for by', async () => {
    for (const claims of [[claim('username', 'kim')], [...address('kim'), ...address('eve')], [claim('identity/accountLocked', 'true')]]) expect(outcomeOf(await init(claims))).toEqual([400, '20014']);
    for (const claims of [null, [], {}, [{ uri: 1 }], [claim('emailaddress', 'nul\0')]]) expect(outcomeOf(await init(claims))).toEqual([400, 'RKY-10001']);
  });

  it('finds a password’s owner by the same claims', async () => {
    const name = await service.aUser(`by-claims-${version}`);
    const { recoveryCode } = started(await steps().call('password/init', { claims: address(name) }));
    expect((await steps().recover(recoveryCode)).status).toBe(202);
    expect(await service.keyOf(name)).toMatch(/^[\w-]{43}$/);
    const absent = started(await steps().call('password/init', { claims: address(`no-${name}`) }));
    expect((await steps().recover(absent.recoveryCode)).status).toBe(202);
  });

  it('is for administrators and recovery clients', async () => {
    for (const step of ['init', 'recover']) expect((await steps().call(`username/${step}`, {}, null)).status).toBe(401);
  });

  it('hands the name to a caller who notifies, who learns where there is none; tells as deployment.toml says; is off by default', async () => {
    const external = await ServiceUnderTest.start(`${enabled}[identity_mgt.recovery.notification]\nmanage_internally = false\n`);
    try {
      const own = new Steps(external, version);
      for (const twin of ['one', 'two']) await external.aUser(twin, { name: { familyName: 'Twin' } });
      const told = await recover(started(await init(address('one'), own)).recoveryCode, '1', own);
      expect([told.status, bodyOf(told)]).toEqual([200, { code: 'UNR-02002', message: expect.any(String), notificationChannel: 'EXTERNAL', username: 'one' }]);
      expect(outcomeOf(await init(address('nobody'), own))).toEqual([404, 'UAR-10002']);
      expect(outcomeOf(await init([claim('lastname', 'Twin')], own))).toEqual([409, 'UAR-10007']);
      await external.reconfigure('[identity_mgt.username_recovery.email]\nenable_username_recovery = false\n');
      expect(outcomeOf(await init(address('one'), own))).toEqual([403, 'UNR-10001']);
      expect(outcomeOf(await recover('A'.repeat(43), '1', own))).toEqual([403, 'UNR-10001']);
    } finally {
      await external.stop();
    }
  });
});
