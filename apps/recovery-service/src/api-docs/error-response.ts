import { z } from 'zod';
import type { DescribedError, DescribedResponse } from './operation.ts';

const reason = z.object({ code: z.string(), message: z.string() });
/** Of WSO2's account recovery, in answers and errors alike. */
export const links = z.array(z.object({ rel: z.enum(['next', 'resend']), href: z.string(), type: z.literal('POST') })).meta({ description: 'The calls that may follow.' });

/** WSO2's error body, with what Rekey has beside WSO2's four, and SCIM (RFC 7644 section 3.12). */
const errorBody = z.object({
  message: z.string().meta({ description: 'The status in words.' }),
  description: z.string().meta({ description: 'What was wrong.' }),
  traceId: z.string().meta({ description: 'Stands in the service’s log beside what happened.' }),
  reasons: z.array(reason).optional().meta({ description: 'Every rule that was broken.' }),
  schemas: z.array(z.string()).optional().meta({ description: 'Of SCIM alone, like the three that follow.' }),
  status: z.string().optional(),
  scimType: z.string().optional(),
  detail: z.string().optional(),
  key: z.string().optional().meta({ description: 'The recovery key that it came with: it still works.' }),
  resetCode: z.string().optional().meta({ description: 'The reset code that it came with: it still works.' }),
  links: links.optional(),
  properties: z.array(z.string()).optional().meta({ description: 'Of connectors: those that it is about.' }),
  challenge: z.record(z.string(), z.unknown()).nullish().meta({ description: 'An ALTCHA challenge: its solution goes into `captcha`.' }),
});

/** By status. */
export function errorResponses(errors: readonly DescribedError[]): Readonly<Record<number, DescribedResponse>> {
  const byStatus = new Map<number, DescribedError[]>();
  for (const error of errors) byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), error]);
  const responses = [...byStatus].map(([status, those]) => [status, { description: those.map(({ code, message }) => `\`${code}\` ${message}`).join('\n\n'), body: errorBody.extend({ code: z.enum(those.map(({ code }) => code)) }) }] as const);
  return Object.fromEntries(responses);
}
