import { z } from 'zod';

/** What `GET /api/rekey/v1/listeners` answers. */
export const listenerReport = z.object({
  listeners: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['default', 'custom']),
      priority: z.number(),
      enable: z.boolean(),
      hooks: z.array(z.string()),
      timeLimitMs: z.number(),
      onFailure: z.enum(['refuse', 'continue']),
      handlers: z.array(z.object({ name: z.string(), priority: z.number(), enable: z.boolean(), subscriptions: z.array(z.string()), within: z.array(z.string()).default([]) })).default([]),
    }),
  ),
  flags: z.record(z.string(), z.boolean()).default({}),
});

export type ListenerReport = z.output<typeof listenerReport>;
