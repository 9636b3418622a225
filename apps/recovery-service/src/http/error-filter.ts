import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isUnavailable } from '@rekey/governance';
import type { Logger } from '@rekey/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, errorBody, TooManyRequests } from './error-catalogue.ts';
import { isScim, scimErrorBody, scimMediaType } from './scim-error.ts';

/** Every error leaves in WSO2's shape, SCIM's in SCIM's too; what nobody planned is logged under the trace id and answered neutrally. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = toApiError(thrown);
    if (error.status >= 500) this.log.error({ traceId: request.id, err: thrown }, 'request failed');
    sendError(http.getResponse<FastifyReply>(), error, request.id);
  }
}

export function sendError(reply: FastifyReply, error: ApiError, traceId: string): void {
  if (error.status === 401 && !reply.hasHeader('www-authenticate')) void reply.header('www-authenticate', 'Basic realm="Rekey", charset="UTF-8"');
  if (error.status === 503) void reply.header('retry-after', '5');
  if (error instanceof TooManyRequests) void reply.header('retry-after', String(error.retryAfterSeconds));
  const [body, type] = isScim(reply.request.url) ? [scimErrorBody, scimMediaType] : [errorBody, 'application/json; charset=utf-8'];
  // Whatever type the route would have answered with.
  void reply.status(error.status).type(type).header('cache-control', 'no-store').send(body(error, traceId));
}

/** What somebody threw, as an answer. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isUnavailable(thrown)) return new ApiError('RKY-10007');
  const status = statusOf(thrown);
  if (status === 404) return new ApiError('RKY-10004');
  if (status === 405) return new ApiError('RKY-10010');
  if (status === 413) return new ApiError('RKY-10002');
  if (status === 415) return new ApiError('RKY-10003');
  if (status !== null && status >= 400 && status < 500) return new ApiError('RKY-10001', `Malformed request: ${thrown instanceof Error ? thrown.message : 'unreadable'}.`);
  return new ApiError('18013');
}

function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') return thrown.statusCode;
  return null;
}
