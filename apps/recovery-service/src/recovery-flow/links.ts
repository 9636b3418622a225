import type { z } from 'zod';
import type { links } from '../api-docs/error-response.ts';
import type { FlowDoor } from './flow-code.ts';

export type Links = z.output<typeof links>;

/** @param calls by relation, the path of each below `/recovery`, e.g. `password/confirm` */
export function linksTo({ version, tenantDomain }: FlowDoor, calls: Readonly<Partial<Record<Links[number]['rel'], string>>>): Links {
  const entries = Object.entries(calls) as [Links[number]['rel'], string][]; // the same type, whose keys Object.entries forgets
  return entries.map(([rel, call]) => ({ rel, href: `/t/${tenantDomain}/api/users/${version}/recovery/${call}`, type: 'POST' }));
}
