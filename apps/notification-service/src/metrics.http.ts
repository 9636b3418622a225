import { Controller, Get, Header, Inject, NotFoundException } from '@nestjs/common';
import { Metrics } from '@rekey/observability';

/** For Prometheus, beside the health endpoints. */
@Controller('metrics')
export class MetricsDoor {
  constructor(@Inject('metrics') private readonly metrics: Metrics | null) {}

  @Get()
  @Header('content-type', Metrics.contentType)
  async read(): Promise<string> {
    if (!this.metrics) throw new NotFoundException();
    return this.metrics.exposition();
  }
}
