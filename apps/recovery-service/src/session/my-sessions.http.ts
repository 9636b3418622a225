import { Controller, Delete, Get, HttpCode, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { Sessions, type Session } from '@rekey/identity';
import { Database } from '@rekey/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { takeToken } from '../http/session-cookie.ts';
import { shownSession } from './shown-session.ts';
import { signedIn } from './signed-in.ts';

const sessionPath = z.object({ id: z.uuid() });
const endQuery = z.object({ others: z.enum(['true', 'false']).optional().meta({ description: '`true`: not this one.' }) });
const sessionList = z.object({ sessions: z.array(shownSession.extend({ current: z.boolean().meta({ description: 'Whether it is the one that asks.' }) })) });

/** Where a person is signed in, for that person: to look at, and to end. */
@Controller('api/rekey/v1/me/sessions')
export class MySessions {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Get()
  @Operation({ summary: 'Where one is signed in', access: 'session', responses: { 200: { description: 'The sessions.', body: sessionList } } })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ sessions: readonly Session[] }> {
    const { token, userId } = await signedIn(this.sessions, request, reply);
    return { sessions: await this.sessions.list(userId, token) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({ summary: 'End one session', access: 'session', path: sessionPath, responses: { 204: { description: 'It is ended.' } }, errors: ['RKY-10004'] })
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param() path: unknown): Promise<void> {
    const { token, userId } = await signedIn(this.sessions, request, reply);
    const { data } = sessionPath.safeParse(path);
    if (!data || !(await this.sessions.endById(userId, data.id))) throw new ApiError('RKY-10004', 'There is no such session.');
    await this.takeTokenIfEnded(reply, token);
  }

  /** Everywhere, here too; with `?others=true` everywhere else. */
  @Delete()
  @HttpCode(204)
  @Operation({ summary: 'End all sessions', access: 'session', query: endQuery, responses: { 204: { description: 'They are ended.' } } })
  async endAll(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query() query: unknown): Promise<void> {
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
