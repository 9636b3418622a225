import { Metrics } from './metrics.ts';

const lines = async (metrics: Metrics, name: string) => (await metrics.exposition()).split('\n').filter((line) => line.startsWith(name));

describe('the metrics of a process', () => {
  it('are text that Prometheus reads, with what Node.js measures and the service’s name', async () => {
    const text = await new Metrics('recovery-service').exposition();
    expect(Metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('# TYPE process_resident_memory_bytes gauge');
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds\{service="recovery-service"\} [\d.e-]+$/m);
  });

  it('are each process’s own: two in one do not get into each other’s way', async () => {
    const [one, other] = [new Metrics('one'), new Metrics('other')];
    one.configReloads()('refused');
    other.configReloads();
    expect(await lines(other, 'rekey_config_reloads_total')).toEqual(['rekey_config_reloads_total{outcome="applied",service="other"} 0', 'rekey_config_reloads_total{outcome="refused",service="other"} 0']);
  });
});

describe('a changed deployment.toml (F46)', () => {
  it('is counted by what came of it, and the last outcome shows whether it is in force', async () => {
    const metrics = new Metrics('recovery-service');
    const note = metrics.configReloads();
    const state = async () => [
      ...(await lines(metrics, 'rekey_config_reloads_total')),
      ...(await lines(metrics, 'rekey_config_last_reload_successful')),
    ].map((line) => line.split(' ')[1]);
    expect(await state()).toEqual(['0', '0', '1']);
    note('refused');
    expect(await state()).toEqual(['0', '1', '0']);
    note('applied');
    expect(await state()).toEqual(['1', '1', '1']);
  });
});
