import { ServiceUnderTest } from '../testing/service-under-test.ts';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

describe('GET /metrics', () => {
  it('is text for Prometheus, for whoever reaches the service’s port', async () => {
    const { status, headers, text } = await service.ask('/metrics', { as: null });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain; version=0\.0\.4/)]);
    expect(text).toContain('# TYPE process_cpu_seconds_total counter');
  });

  it('is not there below a tenant, where gateways lead (S41)', async () => {
    for (const path of ['/t/carbon.super/metrics', '/t/nobody/metrics', '/t/carbon.super/metrics/']) expect([path, (await service.ask(path, { as: null })).status]).toEqual([path, 404]);
  });
});

describe('GET /health', () => {
  it('is not there below a tenant either: gateways have a health of their own', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      expect([path, (await service.ask(path, { as: null })).status]).toEqual([path, 200]);
      for (const tenant of ['/t/carbon.super', '/t/nobody']) expect([tenant + path, (await service.ask(tenant + path, { as: null })).status]).toEqual([tenant + path, 404]);
    }
  });
});
