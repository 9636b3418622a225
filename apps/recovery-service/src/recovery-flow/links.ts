import { z } from 'zod';
import type { FlowDoor } from './flow-code.ts';

/** The calls that may follow. */
export const links = z.array(z.object({ rel: z.enum(['next', 'resend']), href: z.string(), type: z.literal('POST') })).meta({ description: 'The calls that may follow.' });

export type Links = z.output<typeof links>;

/** @param calls by relation, the path of each below `/recovery`, e.g. `password/confirm` */
export function linksTo({ version, tenantDomain }: FlowDoor, calls: Readonly<Partial<Record<Links[number]['rel'], string>>>): Links {
  const entries = Object.entries(calls) as [Links[number]['rel'], string][]; // the same type, whose keys Object.entries forgets
  return entries.map(([rel, call]) => ({ rel, href: `/t/${tenantDomain}/api/users/${version}/recovery/${call}`, type: 'POST' }));
}
