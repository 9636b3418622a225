import { z } from 'zod';

/** Text that PostgreSQL can store; it may be empty. */
export const storable = (max: number) => z.string().max(max).regex(/^[^\0\p{Surrogate}]*$/u, 'must be Unicode text without NUL');

/** The same, of one character at least. */
export const text = (max: number) => storable(max).min(1);
