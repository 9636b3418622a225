import { z } from 'zod';

/** Which part of a list is wanted, as WSO2 says it: of those in a query. */
export const offsetPage = {
  limit: z.coerce.number().int().min(0).max(1_000).default(15),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
};
