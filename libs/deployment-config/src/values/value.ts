import { z } from 'zod';

/** What of a value an error may show; of a secret its kind alone. */
export type Shown = 'value' | 'kind';

/**
 * A value of the file. Numbers and booleans may stand in quotes, as in real WSO2 files.
 * @param parse returns undefined where the value does not fit
 * @param expected what would fit; the issue's message
 */
export function value<T>(expected: string, parse: (raw: unknown) => T | undefined, shown: Shown = 'value') {
  return z.unknown().transform((raw, context) => {
    const parsed = parse(raw);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: expected, params: { shown } });
    return z.NEVER;
  });
}

/** For `value`: a text that the expression matches. */
export const matching = (expression: RegExp) => (raw: unknown) => (typeof raw === 'string' && expression.test(raw) ? raw : undefined);

const secrets = new WeakSet<z.core.$ZodType>();

export function secret<T extends z.ZodType>(schema: T): T {
  secrets.add(schema);
  return schema;
}

/** Whether values of this schema are told to nobody. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.has(schema);
}
