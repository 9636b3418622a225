import { z } from 'zod';

export const traceStep = z.object({
  listener: z.string().meta({ description: '`governance_identity_mgt/<handler>` for one of its handlers, where that refused or failed.' }),
  hook: z.enum(['pre', 'within', 'post']),
  verdict: z.string().meta({ description: '`continue`, the code of the refusal, or `failed` for a hook that failed and, as configured, lets the operation go on.' }),
  microseconds: z.number(),
});

export const shownTrace = z.object({
  operation: z.string(),
  userId: z.string().nullable(),
  username: z.string().nullable().meta({ description: 'null where nobody has it: what is typed for a name may be a password.' }),
  tenantDomain: z.string(),
  claims: z.array(z.string()).meta({ description: 'Which were set, or were to be, without their values.' }),
  at: z.iso.datetime(),
  steps: z.array(traceStep),
  outcome: z.string().meta({ description: '`done`, the code of the refusal, `not-done` where there was nothing to do it to, or `failed` where it threw.' }),
});
