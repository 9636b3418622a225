import { Controller, Get, HttpCode, ServiceUnavailableException } from '@nestjs/common';
import { Health } from '@rekey/observability';

/** For supervisors and load balancers; on loopback unless configured otherwise. */
@Controller('health')
export class HealthDoor {
  constructor(private readonly health: Health) {}

  /** The process runs and answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** 200 where all parts work, with what some of them lack all the same; else 503 with what each part waits for. */
  @Get('ready')
  async ready(): Promise<{ status: 'ready'; impaired?: Record<string, string> }> {
    const { unready, impaired } = await this.health.look();
    if (Object.keys(unready).length > 0) throw new ServiceUnavailableException({ status: 'not ready', waitingFor: unready });
    return { status: 'ready', ...(Object.keys(impaired).length > 0 ? { impaired } : {}) };
  }
}
