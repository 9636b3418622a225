import { Controller, Get, Inject } from '@nestjs/common';
import { dottedKey, RunningValues } from '@rekey/deployment-config';
import { connectorCategories } from '@rekey/governance';
import { z } from 'zod';
import { Operation } from '../api-docs/operation.ts';

const shownValue = z.object({
  key: z.string().meta({ description: 'With dots; an element of an array of tables by its number: `event_webhook[0].name`.' }),
  table: z.string().meta({ description: 'The part of the key that is the table.' }),
  value: z.string().nullable().meta({ description: 'As TOML writes it; of a secret nothing but that there is one. null: not set, and without a default.' }),
  isSecret: z.boolean(),
  source: z.string().meta({ description: '`file:line:column`, an environment variable, or `default`.' }),
  needsRestart: z.boolean().meta({ description: 'Whether a change counts from the next start on.' }),
  pending: z.object({ value: z.string().nullable() }).nullable().meta({ description: 'What the file says by now and the next start brings, where that is not what counts.' }),
  setting: z.string().nullable().meta({ description: 'The property of a connector for which this counts until a tenant’s administrators set it.' }),
});
const shownConfiguration = z.object({ values: z.array(shownValue) });

const settings = new Map(connectorCategories.flatMap(({ connectors }) => connectors.flatMap(({ properties }) => properties.flatMap(({ key, name }) => (key === null ? [] : [[key, name] as const])))).reverse());

/** What `deployment.toml` comes to, for those whose file it is. Secrets stay with the service. */
@Controller('api/rekey/v1/configuration')
export class ConfigurationDoor {
  constructor(@Inject(RunningValues) private readonly running: RunningValues) {}

  @Get()
  @Operation({ summary: 'The configuration that counts, and where each value comes from', description: 'As the instance that answers has it. Secrets are masked.', access: 'super-auditor', responses: { 200: { description: 'Every key.', body: shownConfiguration } } })
  read(): z.output<typeof shownConfiguration> {
    const values = this.running.all().map(({ path, ...value }) => {
      const key = dottedKey(path);
      return { key, table: dottedKey(path.slice(0, -1)), ...value, setting: settings.get(key) ?? null };
    });
    return { values };
  }
}
