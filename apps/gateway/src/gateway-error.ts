import type { FastifyReply } from 'fastify';

const answers = {
  400: { message: 'Bad Request', description: 'The request is malformed.' },
  404: { message: 'Not Found', description: 'There is nothing at this address.' },
  413: { message: 'Payload Too Large', description: 'The request body is too large.' },
  500: { message: 'Internal server error', description: 'The gateway could not finish the request.' },
  502: { message: 'Bad Gateway', description: 'The connection to the service was lost. It may have carried out the request: look before asking again.' },
  503: { message: 'Service Unavailable', description: 'The service cannot take the request right now. Nothing was changed; try again in a few seconds.' },
  504: { message: 'Gateway Timeout', description: 'The service did not answer in time. It may have carried out the request: look before asking again.' },
} as const;

export type GatewayErrorStatus = keyof typeof answers;

const retryAfterSeconds = 5;

/** An answer of the gateway's own, in WSO2's error shape. */
export function sendGatewayError(reply: FastifyReply, status: GatewayErrorStatus): FastifyReply {
  if (status === 503) void reply.header('retry-after', String(retryAfterSeconds));
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ code: String(status), ...answers[status], traceId: reply.request.id });
}

/** What Fastify refuses by itself: an unreadable address, a body that is too large. */
export function statusOfFault(error: unknown): GatewayErrorStatus {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (status === 404 || status === 413) return status;
  return typeof status === 'number' && status >= 400 && status < 500 ? 400 : 500;
}
