import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { RunningValues } from '@rekey/deployment-config';
import { GovernanceConnectors, type ExplainedSetting } from '@rekey/governance';
import { superTenant } from '@rekey/identity';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';
import { callerOf } from '../http/caller.ts';
import { entityTagOf } from '../http/entity-tag.ts';
import { ApiError } from '../http/error-catalogue.ts';
import { moment } from '../http/moment.ts';
import { UserNames } from '../http/user-name.ts';

const connectorPath = z.object({ connector: z.string().meta({ description: 'WSO2’s name of it: `account-recovery`.' }) });

const explainedSetting = z.object({
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  type: z.enum(['boolean', 'integer', 'string']),
  expected: z.string().meta({ description: 'What fits.' }),
  fixedBecause: z.string().nullable().meta({ description: 'Why it has this value alone; null: it can be changed.' }),
  value: z.string().meta({ description: 'What counts.' }),
  source: z.enum(['tenant', 'file', 'default']).meta({ description: 'Who says so: this tenant’s administrators, `deployment.toml`, or nobody.' }),
  changedAt: moment.nullable().meta({ description: 'When administrators set it, where they have.' }),
  changedBy: z.string().nullable().meta({ description: 'Which one; null also where that is not known.' }),
  inFile: z.string().meta({ description: 'What counts where administrators have set nothing.' }),
  default: z.string().meta({ description: 'What counts where nobody says anything.' }),
  key: z.string().nullable().meta({ description: 'In `deployment.toml`; null: the file has none.' }),
  place: z.string().nullable().meta({ description: 'Where the key stands, `file:line:column`; for callers of the super tenant, whose file it is.' }),
});
const explainedConnector = z.object({ id: z.string(), name: z.string(), friendlyName: z.string(), category: z.object({ id: z.string(), name: z.string() }), version: z.string(), settings: z.array(explainedSetting) });

/** The connectors' settings, with where each comes from. They are changed by WSO2’s governance API. */
@Controller('api/rekey/v1/settings')
export class SettingsDoor {
  constructor(
    @Inject(GovernanceConnectors) private readonly connectors: GovernanceConnectors,
    @Inject(RunningValues) private readonly running: RunningValues,
    @Inject(UserNames) private readonly names: UserNames,
  ) {}

  @Get(':connector')
  @Operation({
    summary: 'The settings of a connector, and where each comes from',
    description: 'All of them count at once when they are changed. The version goes into `If-Match` of a change, so that none is made to what somebody else has changed meanwhile.',
    access: 'auditor',
    path: connectorPath,
    responses: { 200: { description: 'The settings as they are now; the version is also the `ETag`.', body: explainedConnector } },
    errors: ['IDG-50009'],
  })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('connector') name: string): Promise<z.output<typeof explainedConnector>> {
    const connector = await this.connectors.explain(await this.names.tenant(request.raw), name);
    if (!connector) throw new ApiError('IDG-50009');
    void reply.headers({ etag: entityTagOf(connector.version), 'cache-control': 'no-store' });
    const knowsFile = callerOf(request.raw).user.tenantDomain === superTenant;
    return { ...connector, category: { ...connector.category }, settings: connector.settings.map((setting) => this.shown(setting, knowsFile)) };
  }

  private shown({ own, ...setting }: ExplainedSetting, knowsFile: boolean): z.output<typeof explainedSetting> {
    const written = setting.key === null ? null : this.running.of(setting.key);
    const isInFile = written !== null && written.source !== 'default';
    return {
      ...setting,
      source: own ? 'tenant' : isInFile ? 'file' : 'default',
      changedAt: own?.changedAt ?? null,
      changedBy: own?.changedBy ?? null,
      place: isInFile && knowsFile ? written.source : null,
    };
  }
}
