import type { IncomingMessage } from 'node:http';
import { beginSpan, failSpan, inSpan, isTracing, type BegunSpan, type RequestMetrics } from '@rekey/observability';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface RequestObservers {
  readonly metrics?: RequestMetrics | undefined;
  /** Whether whoever sent it is a proxy of the operator's: only such a one continues a trace here. */
  readonly isOperators: (request: IncomingMessage) => boolean;
}

/**
 * Measures and traces what is asked of the routes that follow, by the route as it is declared: addresses name people. A stranger's `traceparent`
 * is not taken: it would let anybody write into traces that are not theirs, and have all that they ask recorded.
 */
export function observeRequests(fastify: FastifyInstance, { metrics, isOperators }: RequestObservers): void {
  if (metrics) {
    fastify.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
      metrics({ method, route: routeOptions.url ?? 'none', status: statusCode, seconds: elapsedTime / 1_000 });
    });
  }
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, BegunSpan>();
  fastify.addHook('onRequest', async (request) => {
    const { method, routeOptions: { url = 'none' }, headers, raw } = request;
    const { traceparent } = headers;
    const begun = beginSpan(`${method} ${url}`, {
      kind: 'server',
      traceparent: typeof traceparent === 'string' && isOperators(raw) ? traceparent : null,
      attributes: { 'http.request.method': method, 'http.route': url, 'rekey.request_id': request.id },
    });
    if (begun) spans.set(request, begun);
  });
  // Once the body is read, as `inRequest`.
  fastify.addHook('preValidation', (request, _reply, done) => inSpan(spans.get(request), done));
  fastify.addHook('onResponse', async (request, { statusCode }) => end(spans.get(request), statusCode));
  fastify.addHook('onRequestAbort', async (request) => end(spans.get(request), null));
}

/** @param status null where whoever asked has gone */
function end(begun: BegunSpan | undefined, status: number | null): void {
  if (!begun?.span.isRecording()) return;
  if (status !== null) begun.span.setAttribute('http.response.status_code', status);
  if (status === null || status >= 500) failSpan(begun.span, status === null ? 'aborted' : String(status));
  begun.span.end();
}
