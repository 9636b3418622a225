import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from './testing/service-under-test.ts';

const password = 'a password nobody has guessed';

describe('the recovery service, told to stop', () => {
  it('answers what it has in hand, and takes nothing afterwards (F7)', async () => {
    const service = await ServiceUnderTest.start();
    await service.aUser('kim', { password });
    const before = service.received();
    const signingIn = Array.from({ length: 20 }, () => service.ask('/api/rekey/v1/session', { as: null, body: { username: 'kim', password } }));
    await until(() => service.received() === before + signingIn.length);
    await service.stop();
    expect((await Promise.all(signingIn)).map(({ status }) => status)).toEqual(signingIn.map(() => 200));
    await expect(service.ask('/health/live')).rejects.toThrow();
  });

  it('says that it is not ready before it stops taking requests, for as long as gateways need to see it', async () => {
    const service = await ServiceUnderTest.start();
    const stopped = service.stop({ noticedAfterMs: 5_000 });
    const answers = await Promise.all(['ready', 'live'].map((path) => service.ask(`/health/${path}`, { as: null })));
    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    await stopped;
  });
});

describe('the recovery service, given another configuration', () => {
  const settings = (cooldown: number, minLength: number, notifications: boolean) =>
    `[identity_mgt.password_reset_email]\nenable_password_reset_email = ${notifications}\ncooldown = "${cooldown}s"\n[identity_mgt.password_policy]\nmin_length = ${minLength}\n`;
  let service: ServiceUnderTest;
  beforeAll(async () => void (service = await ServiceUnderTest.start(settings(60, 15, true))));
  afterAll(() => service.stop());

  it('follows it: the policy, the limits of recovery, the defaults of the connector (F46)', async () => {
    await service.aUser('kim', { password });
    await service.recover('kim');
    await service.recover('kim');
    await service.reconfigure(settings(0, 20, true));
    expect((await service.recover('kim')).status).toBe(202);
    // Within the first cooldown there is one mail; without one, each request has its own.
    const key = await service.keyOf('kim', 2);
    expect(service.eventsOf('PasswordRecoveryRequested', 'kim')).toHaveLength(2);
    expect((await service.ask('/api/rekey/v1/recovery/key', { as: null, body: { key } })).body).toMatchObject({ passwordPolicy: { minLength: 20 } });
    expect((await service.setPassword(key, 'x7 nineteen signs q')).status).toBe(412);

    await service.reconfigure(settings(0, 15, false));
    expect((await service.recover('kim')).body).toMatchObject({ code: '20017' });
    expect((await service.setPassword(key, 'x7 nineteen signs q')).status).toBe(200);
  });

  it('keeps all of the old one where it cannot be used (F46)', async () => {
    await service.reconfigure(settings(0, 15, true));
    const absent = `[[event_listener]]\nid = "absent"\norder = 40\nmodule = "@example/absent"\n`;
    await expect(service.reconfigure(`${settings(0, 15, false)}${absent}`)).rejects.toThrow(/^\[\[event_listener\]\] "absent": the module @example\/absent cannot be used: [^\n]+$/);
    expect((await service.recover('kim')).status).toBe(202);
  });
});

describe('what has expired', () => {
  it('is removed, also where what comes before it cannot be; of recoveries by steps what has led to no key within the hour', async () => {
    const service = await ServiceUnderTest.start();
    const start = (name: string, minutes: number, led: boolean) =>
      service.database.query(
        `INSERT INTO recovery_flow (flow_id, tenant_domain, user_id, channel, started_at, recovery_code_hash, recovery_code_expires_at, flow_code_hash, recovery_id)
         VALUES (gen_random_uuid(), 'carbon.super', gen_random_uuid(), $1, now() - make_interval(mins => $2), $1::text::bytea, now() - make_interval(mins => $2), $1::text::bytea, CASE WHEN $3 THEN gen_random_uuid() END)`,
        [name, minutes, led],
      );
    await Promise.all([start('led to none', 61, false), start('may lead to one', 59, false), start('led to one', 61, true), start('is long over', 49 * 60, true)]);
    await service.database.query('ALTER TABLE session RENAME TO session_away');
    const other = await service.anotherInstance();
    const left = async () => (await service.database.query<{ channel: string }>('SELECT channel FROM recovery_flow ORDER BY channel')).map(({ channel }) => channel);
    await until(async () => (await left()).length === 2);
    expect(await left()).toEqual(['led to one', 'may lead to one']);
    await other.service.stop();
    await service.stop();
  });
});

describe('the recovery service, without what it cannot run without', () => {
  it.each(['public_key', 'private_key'])('names what is missing: %s', async (key) => {
    const section = key === 'public_key' ? 'sealing' : 'signing';
    await expect(ServiceUnderTest.start('', new RegExp(`^${key} = .*\\n`, 'm'))).rejects.toThrow(`[keys.${section}]`);
  });
});
