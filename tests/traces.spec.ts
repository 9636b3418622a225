import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { currentTraceparent, isTracing, outsideOfTraces, startTracing, traced, tracedEach } from '@rekey/observability';
import { anOtlpReceiver, type OtlpReceiver } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';

const remote = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traces that nobody wants', () => {
  it('are not made: work is done without a span, and nothing goes out with what it publishes', async () => {
    const tracing = await startTracing('rekey', null);
    expect(await traced('work', { traceparent: remote }, async (span) => [span, isTracing(), currentTraceparent()])).toEqual([null, false, undefined]);
    expect(await tracedEach('work', [{ traceparent: remote }], async () => currentTraceparent())).toBeUndefined();
    await tracing.stop();
  });
});

describe('traces', () => {
  byASteadyClock();
  let collector: OtlpReceiver;
  beforeEach(async () => (collector = await anOtlpReceiver()));
  afterEach(() => collector.close());

  /** What was sent of the work, once tracing has ended. */
  async function sentOf(work: () => Promise<unknown>) {
    const tracing = await startTracing('recovery-service', `${collector.endpoint}/`);
    await work().catch(() => undefined);
    await tracing.stop();
    return collector.spans.map(({ name, traceId, parentSpanId = null, attributes }) => ({ name, traceId, parentSpanId, attributes }));
  }

  it('are sent when the process ends, with the service’s name', async () => {
    expect(await sentOf(() => traced('work', {}, async () => undefined))).toHaveLength(1);
    expect(collector.text()).toContain('"key":"service.name","value":{"stringValue":"recovery-service"}');
  });

  it('go on where a traceparent says so, and begin anew where it says nothing', async () => {
    const spans = await sentOf(async () => {
      await traced('outer', {}, async () => {
        for (const traceparent of [remote, remote.replace('00-', '01-').concat('-more'), null, '', remote.replace('00-', 'ff-'), remote.toUpperCase(), `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`]) await traced('inner', { traceparent }, async () => undefined);
        await traced('inner', {}, async () => undefined);
      });
    });
    const outer = spans.find(({ name }) => name === 'outer');
    const inner = spans.filter(({ name }) => name === 'inner');
    expect(inner.map(({ parentSpanId }) => parentSpanId)).toEqual(['b7ad6b7169203331', 'b7ad6b7169203331', null, null, null, null, null, inner.at(-1)?.parentSpanId]);
    expect(inner.at(-1)?.traceId).toBe(outer?.traceId);
    expect(new Set(inner.map(({ traceId }) => traceId)).size).toBe(7);
  });

  it('are not made where whoever began the trace does not record it', async () => {
    expect(await sentOf(() => traced('work', { traceparent: remote.replace(/01$/, '00') }, async () => traced('inner', {}, async () => undefined)))).toEqual([]);
  });

  it('are handed on as they are under way, but not to what goes on by itself', async () => {
    await sentOf(() => traced('work', { traceparent: remote }, async () => {
      expect(currentTraceparent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[\da-f]{16}-01$/);
      expect(outsideOfTraces(currentTraceparent)).toBeUndefined();
    }));
  });

  it('of work that fails say which kind of error it was, and not what it says (S43)', async () => {
    const lost = Object.assign(new Error('the key of kim@example.com'), { code: 'ECONNRESET' });
    const [span] = await sentOf(() => traced('work', {}, async () => Promise.reject(lost)));
    expect(span?.attributes).toEqual([{ key: 'error.type', value: { stringValue: 'ECONNRESET' } }]);
    expect(collector.text()).not.toContain('kim');
  });

  it('hold up nobody who is ending where their collector does not answer', async () => {
    process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '2500'; // by itself it goes on for longer than that
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const tracing = await startTracing('rekey', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`); // a TCP server that listens
    await traced('work', {}, async () => undefined);
    await tracing.stop();
    expect(silent.listening).toBe(true);
    silent.closeAllConnections();
    silent.close();
    delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT'];
  });
});
