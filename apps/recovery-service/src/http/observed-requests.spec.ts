import fastify from 'fastify';
import { startTracing } from '@rekey/observability';
import { anOtlpReceiver } from '@rekey/test-kit';
import { ClientAddresses } from './client-address.ts';
import { observeRequests } from './observed-requests.ts';

const theirs = '0af7651916cd43dd8448eb211c80319c';

describe('a request’s trace', () => {
  /** What is recorded of one request, from this machine, that comes with a `traceparent`. */
  async function recorded(trustedProxies: readonly string[]) {
    const collector = await anOtlpReceiver();
    const tracing = await startTracing('recovery-service', collector.endpoint);
    const addresses = new ClientAddresses(trustedProxies);
    const server = fastify();
    observeRequests(server, { isOperators: (request) => addresses.isFromTrusted(request) });
    server.get('/scim2/Users/:id', async () => ({}));
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    await fetch(`${url}/scim2/Users/kim?filter=kim`, { headers: { traceparent: `00-${theirs}-b7ad6b7169203331-01` } });
    await server.close();
    await tracing.stop();
    await collector.close();
    return { spans: collector.spans, text: collector.text() };
  }

  it('is the caller’s where that is a trusted proxy, and says the route and never the address (S43)', async () => {
    const { spans, text } = await recorded(['127.0.0.1']);
    expect(spans.map(({ name, traceId }) => [name, traceId])).toEqual([['GET /scim2/Users/:id', theirs]]);
    expect(text).not.toContain('kim');
  });

  it('is one of its own where a stranger asks', async () => {
    const { spans } = await recorded([]);
    expect(spans.map(({ traceId, links }) => [traceId === theirs, links])).toEqual([[false, []]]);
  });
});
