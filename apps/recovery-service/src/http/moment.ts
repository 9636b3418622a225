import { z } from 'zod';

/** A time in an answer, as the database gave it. */
export const moment = z.date().meta({ type: 'string', format: 'date-time' });
