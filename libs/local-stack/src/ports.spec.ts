import { assertPortFree, freePort, localPorts, LocalStackError } from './index.ts';

describe('the local ports', () => {
  it('are those of the documentation', () => {
    expect(localPorts(0)).toEqual({
      https: 9443, http: 9763, inboxWeb: 9025, inboxSmtp: 9587, postgres: 9432, kafka: 9092, kafkaController: 9193, recoveryService: 9500, notificationService: 9600,
    });
  });

  it('are all shifted by the offset, and never fall together', () => {
    const shifted = localPorts(100);
    expect(shifted.https).toBe(9543);
    expect(new Set(Object.values(shifted)).size).toBe(Object.values(shifted).length);
  });

  it.each([-1, 0.5, 60_000, Number.NaN])('refuse the offset %p', (offset) => {
    expect(() => localPorts(offset)).toThrow(LocalStackError);
  });

  it('are free until somebody listens', async () => {
    await expect(assertPortFree(await freePort())).resolves.toBeUndefined();
  });

  it('are found where neither an outgoing connection nor a local stack gets one meanwhile', async () => {
    const found = await Promise.all(Array.from({ length: 100 }, freePort));
    expect(found.filter((port) => port < 21_000 || port >= 32_768)).toEqual([]);
  });
});
