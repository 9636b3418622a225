import { Controller, Get, Inject, NotFoundException, Res } from '@nestjs/common';
import type { Metrics } from '@rekey/observability';
import type { FastifyReply } from 'fastify';

/** For Prometheus, beside the health endpoints. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject('metrics') private readonly metrics: Metrics | null) {}

  @Get()
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!this.metrics) throw new NotFoundException();
    const { contentType, text } = await this.metrics.exposition();
    void reply.header('content-type', contentType);
    return text;
  }
}
