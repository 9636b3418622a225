import { Controller, Delete, Get, HttpCode, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { Sessions, type Session } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { refuseOtherSites } from '../http/same-site.ts';
import { takeToken } from './session-cookie.ts';
import { signedIn } from './signed-in.ts';

const sessionId = z.uuid();
const endQuery = z.object({ others: z.enum(['true', 'false']).optional() });

/** Where a person is signed in, for that person: to look at, and to end. */
@Controller('api/rekey/v1/me/sessions')
export class MySessions {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ sessions: readonly Session[] }> {
    const { token, userId } = await signedIn(this.sessions, request, reply);
    return { sessions: await this.sessions.list(userId, token) };
  }

  @Delete(':id')
  @HttpCode(204)
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<void> {
    refuseOtherSites(request);
    const { token, userId } = await signedIn(this.sessions, request, reply);
    if (!sessionId.safeParse(id).success || !(await this.sessions.endById(userId, id))) throw new ApiError('RKY-10004', 'There is no such session.');
    await this.takeTokenIfEnded(reply, token);
  }

  /** Everywhere, here too; with `?others=true` everywhere else. */
  @Delete()
  @HttpCode(204)
  async endAll(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown): Promise<void> {
    refuseOtherSites(request);
    const { token, userId } = await signedIn(this.sessions, request, reply);
    const { others } = parseBody(endQuery, query);
    if (others === 'true') await this.sessions.endOthers(userId, token);
    else await this.sessions.endAll(this.database, userId);
    await this.takeTokenIfEnded(reply, token);
  }

  private async takeTokenIfEnded(reply: FastifyReply, token: string): Promise<void> {
    if ((await this.sessions.find(token)) === null) takeToken(reply);
  }
}
