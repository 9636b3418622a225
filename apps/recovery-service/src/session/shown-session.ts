import { z } from 'zod';
import { moment } from '../http/moment.ts';

/** Where somebody is signed in. */
export const shownSession = z.object({
  id: z.uuid(),
  createdAt: moment,
  lastSeenAt: moment.meta({ description: 'To the minute.' }),
  expiresAt: moment,
  userAgent: z.string().nullable().meta({ description: 'What the browser said of itself.' }),
});
