import { z } from 'zod';
import { ApiError } from './error-catalogue.ts';

/**
 * A field that is `null` is as if it were not there, unless the schema knows what it means: Java's clients write every field that they know.
 * @throws ApiError RKY-10001 naming the field and what was expected; unknown fields are refused by strict schemas
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const asItIs = schema.safeParse(body);
  const result = asItIs.success ? asItIs : schema.safeParse(withoutNulls(body, deepestBody));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'body';
  throw new ApiError('RKY-10001', `Malformed request: ${field}: ${issue?.message ?? 'invalid'}.`);
}

/** No schema goes as deep: what is below may be as deep as a body is long. */
const deepestBody = 16;

function withoutNulls(value: unknown, levels: number): unknown {
  if (levels === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => withoutNulls(entry, levels - 1));
  return Object.fromEntries(Object.entries(value).flatMap(([name, field]) => (field === null ? [] : [[name, withoutNulls(field, levels - 1)]])));
}

const storable = /^[^\u0000\uD800-\uDFFF]*$/u;

/** Text that PostgreSQL can store, also within JSON: no NUL, no half of a surrogate pair. It may be empty. */
export function storableText(maxLength: number): z.ZodString {
  return z.string().max(maxLength).regex(storable, 'must be Unicode text without NUL');
}

export function boundedText(maxLength: number): z.ZodString {
  return storableText(maxLength).min(1);
}

/** Blank is as if it were not there: what a form did not ask for. */
export function textOrNone(maxLength: number) {
  return storableText(maxLength).transform((text) => text || undefined).optional();
}

/** One of these words, in whatever case: WSO2's clients write `TRUE` and `Replace`. */
export function inAnyCase<const Word extends Lowercase<string>>(words: readonly Word[]) {
  return z.string().toLowerCase().pipe(z.enum(words)).meta({ override: { enum: [...words] } });
}

/** What WSO2 has as text; clients write switches and numbers as what they are, too. */
export const textOrSwitch = z.union([storableText(2048), z.boolean(), z.number()]).transform(String);

/** WSO2's portals leave out what is `null`, and some send one that is wholly empty where there is none. */
const property = z.strictObject({ key: textOrNone(255), value: textOrSwitch.optional() });

/** WSO2's `properties`: a list of key and value. */
export const properties = z.array(property).max(50);

export function valueOf(list: z.output<typeof properties>, key: string): string | undefined {
  return list.find((entry) => entry.key === key)?.value;
}

/** Where the person goes on. WSO2's portals encode it as a form does, and send it empty where there is none. @returns as it was sent where that cannot be decoded, or gives what cannot be stored */
export function callbackOf(list: z.output<typeof properties>): string | undefined {
  const callback = valueOf(list, 'callback');
  if (!callback || !/^https?%3A%2F%2F/i.test(callback)) return callback || undefined;
  try {
    const decoded = decodeURIComponent(callback.replaceAll('+', ' '));
    return storable.test(decoded) ? decoded : callback;
  } catch {
    return callback;
  }
}
