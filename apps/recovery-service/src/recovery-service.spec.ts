import { ServiceUnderTest, until } from './testing/service-under-test.ts';

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
    const stopped = service.stop({ noticedAfterMs: 1_000 });
    const ready = await service.ask('/health/ready', { as: null });
    expect(ready.status).toBe(503);
    expect((await service.ask('/health/live', { as: null })).status).toBe(200);
    await stopped;
  });
});

describe('the recovery service, without what it cannot run without', () => {
  it.each(['public_key', 'private_key'])('names what is missing: %s', async (key) => {
    const section = key === 'public_key' ? 'sealing' : 'signing';
    await expect(ServiceUnderTest.start('', new RegExp(`^${key} = .*\\n`, 'm'))).rejects.toThrow(`[keys.${section}]`);
  });
});
