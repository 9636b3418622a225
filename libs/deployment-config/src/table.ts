import { z } from 'zod';

/** A table of fixed keys. Those that Rekey reads are all optional: what a service cannot do without it says itself. */
export const table = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'a table' : undefined) });

export const list = <Element extends z.ZodType>(element: Element, expected: string) => z.array(element, { error: expected });

/** @param header the key between its double brackets */
export const arrayOfTables = <Shape extends z.ZodRawShape>(header: string, shape: Shape) => list(table(shape), `a list of tables, each under [[${header}]]`);
