import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { AuditLog, ConnectorSettings, UserManager } from '@rekey/governance';
import { canonicalUsername } from '@rekey/identity';
import { Database, keysetPage, type SqlExecutor } from '@rekey/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { boundedText, parseBody } from '../http/body.ts';
import { callerOf } from '../http/caller.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { pathOfTenant } from '../http/tenant-path.ts';
import { nameIn, UserNames } from '../http/user-name.ts';
import { Idempotency, idempotent } from '../idempotency/idempotency.ts';
import { userCondition } from '../scim/user-filter.ts';
import { findForcedReset, forcedResetsOf, moveForcedReset, startByFilter, startByList } from './forced-reset-statements.ts';
import { ForcedResetWorker } from './forced-reset-worker.ts';
import type { ForcedReset, ForcedResetMove } from './forced-reset.ts';
import { shown, shownForcedReset, type ShownForcedReset } from './shown-forced-reset.ts';

const mostListed = 10_000;
const address = '/api/rekey/v1/forced-resets';

const startRequest = z
  .strictObject({
    users: z.array(boundedText(320)).min(1).max(mostListed).optional().meta({ description: 'Names or ids; this or `filter`.' }),
    filter: boundedText(2_048).optional().meta({ description: 'SCIM’s, as at `/scim2/Users`.' }),
    way: z.enum(['link', 'otp']).optional().meta({ description: 'What is mailed; default: as the tenant has it.' }),
  })
  .refine(({ users, filter }) => (users === undefined) !== (filter === undefined), 'expected either users or a filter');
const listQuery = z.object({ after: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });
const list = z.object({ forcedResets: z.array(shownForcedReset), next: z.uuid().nullable().meta({ description: 'For `after`; null where there are no more.' }) });
const idPath = z.object({ id: z.uuid() });

const asItIs = { 200: { description: 'As it is now.', body: shownForcedReset } };

/** Resets that administrators, and the helpdesk, force upon users of their tenant: started here, and done by `ForcedResetWorker`. */
@Controller('api/rekey/v1/forced-resets')
export class ForcedResetDoor {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(ConnectorSettings) private readonly settings: ConnectorSettings,
    @Inject(ForcedResetWorker) private readonly worker: ForcedResetWorker,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject('baseUrl') private readonly baseUrl: string,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    summary: 'Force users to set another password',
    description: 'Each is signed out, signs in no more until they have set another password, and is mailed a link or a code to do so. Whoever asks is left out. The helpdesk resets users whom it names, but nobody who has a role.',
    access: 'helpdesk',
    headers: idempotent.headers,
    body: startRequest,
    responses: { 202: { description: 'It is done from now on; `Location` says how far it has come.', body: shownForcedReset } },
    errors: [...idempotent.errors, 'RKY-10200'],
  })
  async start(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown): Promise<ShownForcedReset> {
    const caller = callerOf(request.raw);
    const tenantDomain = await this.names.tenant(request.raw);
    const work = async (): Promise<(tx: SqlExecutor) => Promise<ShownForcedReset>> => {
      const { users, filter, way = null } = parseBody(startRequest, body);
      if (filter !== undefined && !caller.roles.has('administrator')) throw new ApiError('RKY-10005', 'The helpdesk names the users whom it resets.');
      const { byLink, byOtp } = await this.settings.adminForcedPasswordReset(tenantDomain);
      if (way !== null && !{ link: byLink, otp: byOtp }[way]) throw new ApiError('RKY-10200');
      const asked = { tenantDomain, way, startedBy: caller.user };
      if (filter === undefined) return async (tx) => shown(await this.startByList(tx, asked, users ?? []));
      const total = await this.countOf(tenantDomain, filter);
      return async (tx) => shown(await startByFilter(tx, asked, filter, total));
    };
    const started = await this.idempotency.onceInTransaction(request, reply, work, ({ id }) => {
      this.audit.act({ operation: 'startForcedReset', tenantDomain, user: null, changed: [id] });
      this.worker.wake();
    });
    void reply.header('location', `${this.baseUrl}${pathOfTenant(tenantDomain)}${address}/${started.id}`);
    return started;
  }

  @Get()
  @Operation({ summary: 'The forced resets', access: 'staff', query: listQuery, responses: { 200: { description: 'Newest first.', body: list } } })
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<z.output<typeof list>> {
    const { after = null, limit: atMost } = parseBody(listQuery, query);
    const tenantDomain = await this.names.tenant(request.raw);
    const { page, next } = await keysetPage(atMost, (limit) => forcedResetsOf(this.database, tenantDomain, after, limit), ({ id }) => id);
    return { forcedResets: page.map(shown), next };
  }

  @Get(':id')
  @Operation({ summary: 'How far a forced reset has come', access: 'staff', path: idPath, responses: asItIs, errors: ['RKY-10004'] })
  async show(@Req() request: FastifyRequest, @Param() path: unknown): Promise<ShownForcedReset> {
    return shown(await this.found(await this.names.tenant(request.raw), path));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Operation({ summary: 'Pause a forced reset', description: 'From the answer on nobody else is reset.', access: 'administrator', path: idPath, responses: asItIs, errors: ['RKY-10004', 'RKY-10201'] })
  async pause(@Req() request: FastifyRequest, @Param() path: unknown): Promise<ShownForcedReset> {
    return this.move(request, path, 'pause');
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Operation({ summary: 'Go on with a forced reset that was paused', access: 'administrator', path: idPath, responses: asItIs, errors: ['RKY-10004', 'RKY-10201'] })
  async resume(@Req() request: FastifyRequest, @Param() path: unknown): Promise<ShownForcedReset> {
    return this.move(request, path, 'resume');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation({ summary: 'End a forced reset', description: 'Whoever was reset stays so.', access: 'administrator', path: idPath, responses: asItIs, errors: ['RKY-10004', 'RKY-10201'] })
  async cancel(@Req() request: FastifyRequest, @Param() path: unknown): Promise<ShownForcedReset> {
    return this.move(request, path, 'cancel');
  }

  private async startByList(tx: SqlExecutor, asked: Parameters<typeof startByList>[1], references: readonly string[]): Promise<ForcedReset> {
    const isId = (reference: string) => z.uuid().safeParse(reference).success;
    const plain = references.filter((reference) => !isId(reference)).map((reference) => nameIn(asked.tenantDomain, { username: reference }).username);
    return startByList(tx, asked, plain.map((username) => canonicalUsername(username) ?? username), references.filter(isId));
  }

  private async countOf(tenantDomain: string, filter: string): Promise<number> {
    const search = await this.users.searchUsers({ tenantDomain, realm: 'PRIMARY' }, { condition: userCondition(filter), sortBy: null, offset: 0, limit: 0, totalUpTo: null });
    if (search.kind === 'refused') throw new ApiError('RKY-10012', search.message);
    return search.total;
  }

  private async move(request: FastifyRequest, path: unknown, move: ForcedResetMove): Promise<ShownForcedReset> {
    const tenantDomain = await this.names.tenant(request.raw);
    const { id } = await this.found(tenantDomain, path);
    const moved = await moveForcedReset(this.database, tenantDomain, id, move);
    const now = moved ?? (await this.found(tenantDomain, path));
    const isTooLate = !moved && (now.state === 'done' || (now.state === 'cancelled' && move !== 'cancel'));
    this.audit.act({ operation: `${move}ForcedReset`, tenantDomain, user: null, changed: [id], outcome: isTooLate ? 'RKY-10201' : 'done' });
    if (isTooLate) throw new ApiError('RKY-10201');
    if (move === 'resume') this.worker.wake();
    return shown(now);
  }

  /** @throws ApiError RKY-10004 */
  private async found(tenantDomain: string, path: unknown): Promise<ForcedReset> {
    const { data } = idPath.safeParse(path);
    const forcedReset = data ? await findForcedReset(this.database, tenantDomain, data.id) : null;
    if (!forcedReset) throw new ApiError('RKY-10004', 'There is no such forced reset.');
    return forcedReset;
  }
}
