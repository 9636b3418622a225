import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Health } from '@rekey/observability';
import type { FastifyReply } from 'fastify';

/** For the gateway and the supervisor. */
@Controller('health')
export class HealthDoor {
  constructor(@Inject(Health) private readonly health: Health) {}

  /** The process runs and answers. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can take requests: 503 names what it waits for. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: 'ready' | 'not ready'; waitingFor?: Record<string, string> }> {
    const waitingFor = await this.health.unready();
    if (Object.keys(waitingFor).length === 0) return { status: 'ready' };
    void reply.status(503);
    return { status: 'not ready', waitingFor };
  }
}
