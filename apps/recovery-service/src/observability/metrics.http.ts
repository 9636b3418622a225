import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { Metrics } from '@rekey/observability';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { tenantInPath } from '../http/tenant-path.ts';

/** For Prometheus, at the service's own port. No gateway leads here: below `/t/{tenant}`, which gateways pass on, there is nothing either. */
@Controller('metrics')
export class MetricsDoor {
  constructor(@Inject('metrics') private readonly metrics: Metrics | null) {}

  @Get()
  @Header('content-type', Metrics.contentType)
  @Operation({ summary: 'What the process counts', access: 'anyone', responses: { 200: { description: 'In Prometheus’ text format.', type: 'text/plain', body: z.string() } }, errors: ['RKY-10004'] })
  async read(@Req() request: FastifyRequest): Promise<string> {
    if (!this.metrics || tenantInPath(request.raw) !== null) throw new ApiError('RKY-10004');
    return this.metrics.exposition();
  }
}
