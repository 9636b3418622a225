import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { rehearse, rehearsedOperations, UserManager, type OperationTrace } from '@rekey/governance';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { parseBody, storableText } from '../http/body.ts';
import { UserNames, userReference } from '../http/user-name.ts';
import { shownFlags, shownFlagsOf, shownListener, shownListeners } from './shown-listener.ts';
import { shownTrace, traceStep } from './shown-trace.ts';

const tracesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  reads: z.enum(['true', 'false']).default('true').meta({ description: '`false`: without those that only read users, and did.' }),
});
const dryRunRequest = z.strictObject({
  operation: z.enum(rehearsedOperations),
  user: userReference,
  password: z.string().max(4096).optional(),
  claims: z.record(storableText(255), storableText(2048)).default({}),
});

const shownChain = z.object({ listeners: z.array(shownListener), flags: shownFlags, warnings: z.array(z.string()) });
const traceList = z.object({ traces: z.array(shownTrace) });
const rehearsal = z.object({
  operation: z.enum(rehearsedOperations),
  exists: z.boolean(),
  wouldBePerformed: z.boolean(),
  steps: z.array(traceStep),
  refusal: z.object({ code: z.string(), message: z.string(), reasons: z.array(z.object({ code: z.string(), message: z.string() })) }).nullable(),
});

/** What stands around user operations: the chain in its order, what it did to the last ones, and what it would do to another. */
@Controller('api/rekey/v1/listeners')
export class ListenerChainDoor {
  constructor(
    @Inject(UserManager) private readonly users: UserManager,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  /** The same for every tenant. */
  @Get()
  @Operation({ summary: 'The listeners, in the order in which they are called', access: 'auditor', responses: { 200: { description: 'The chain.', body: shownChain } } })
  async listeners(@Req() request: FastifyRequest): Promise<z.output<typeof shownChain>> {
    await this.names.tenantInPath(request.raw);
    return { listeners: shownListeners(this.users), flags: shownFlagsOf(this.users.config), warnings: [...this.users.chain.warnings] };
  }

  /** Newest first; those of one tenant where the path names it. Of this instance: others have their own. */
  @Get('traces')
  @Operation({ summary: 'What the listeners did to the last operations', access: 'auditor', query: tracesQuery, responses: { 200: { description: 'Newest first; of the instance that answers.', body: traceList } } })
  async traces(@Req() request: FastifyRequest, @Query() query: unknown): Promise<{ traces: readonly OperationTrace[] }> {
    const { limit, reads } = parseBody(tracesQuery, query);
    const tenantDomain = await this.names.tenantInPath(request.raw);
    const traces = this.users.chain.traces.latest({ withReads: reads === 'true' }).filter((trace) => tenantDomain === null || trace.tenantDomain === tenantDomain);
    return { traces: traces.slice(-limit).reverse() };
  }

  /** Says nothing of whether the password is right: it is not compared. */
  @Post('dry-run')
  @HttpCode(200)
  @Operation({
    summary: 'What the listeners would do to an operation',
    description: 'Nothing is done, and no password compared.',
    access: 'auditor',
    body: dryRunRequest,
    responses: { 200: { description: 'What would come of it.', body: rehearsal } },
  })
  async dryRun(@Req() request: FastifyRequest, @Body() body: unknown): Promise<Record<string, unknown>> {
    const { operation, user, password, claims } = parseBody(dryRunRequest, body);
    const name = await this.names.resolve(request.raw, user);
    const { exists, steps, refusal, wouldBePerformed } = await rehearse(this.users, { operation, name, password: password ?? null, claims });
    return { operation, exists, wouldBePerformed, steps, refusal: refusal && { code: refusal.code, message: refusal.message, reasons: refusal.reasons ?? [] } };
  }
}
