import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { Health, type Logger } from '@rekey/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { tenantInPath } from '../http/tenant-path.ts';

const alive = z.object({ status: z.literal('ok') });
const readiness = z.object({ status: z.enum(['ready', 'not ready']), waitingFor: z.array(z.string()).optional() });

/**
 * For the gateway and the supervisor, and for whoever else reaches the service: what a part says of its trouble (hosts, a database's
 * error) is for the operator's log alone.
 */
@Controller('health')
export class HealthDoor {
  /** What was logged last: whoever asks every second writes no line every second. */
  private logged = '{}';

  constructor(
    @Inject(Health) private readonly health: Health,
    @Inject('log') private readonly log: Logger,
  ) {}

  /** The process runs and answers. */
  @Get('live')
  @Operation({ summary: 'Whether the process answers', access: 'anyone', responses: { 200: { description: 'It does.', body: alive } }, errors: ['RKY-10004'] })
  live(@Req() request: FastifyRequest): z.output<typeof alive> {
    refuseBelowTenant(request);
    return { status: 'ok' };
  }

  /** It can take requests: 503 names the parts that it waits for. */
  @Get('ready')
  @Operation({ summary: 'Whether it can take requests', access: 'anyone', responses: { 200: { description: 'It can.', body: readiness }, 503: { description: 'It waits for the parts that are named.', body: readiness } }, errors: ['RKY-10004'] })
  async ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.output<typeof readiness>> {
    refuseBelowTenant(request);
    const unready = await this.health.unready();
    this.note(unready);
    const waitingFor = Object.keys(unready);
    if (waitingFor.length === 0) return { status: 'ready' };
    void reply.status(503);
    return { status: 'not ready', waitingFor };
  }

  private note(waitingFor: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(waitingFor);
    if (text === this.logged) return;
    this.logged = text;
    if (text === '{}') this.log.info('ready again');
    else this.log.warn({ waitingFor }, 'not ready');
  }
}

/** Gateways pass on what is below `/t/{tenant}`: there, it is not the service that is asked. */
function refuseBelowTenant({ raw }: FastifyRequest): void {
  if (tenantInPath(raw) !== null) throw new ApiError('RKY-10004');
}
