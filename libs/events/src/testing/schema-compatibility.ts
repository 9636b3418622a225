import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '../event-schema.ts';

/** What only people read. */
const annotations = ['$schema', '$id', 'title', 'description', 'examples'];

/**
 * What whoever knows a released schema alone could not read, or could not write any more. Within a major version a schema may only gain:
 * optional fields, and values of an enumeration. All else is another one: a bound that is looser now is one that released readers refuse.
 *
 * @returns one line each, with where it is; empty where the two are compatible
 */
export function incompatibilities(released: JsonSchema, current: JsonSchema, at = 'data'): readonly string[] {
  const keywords = new Set([...Object.keys(withEnum(released)), ...Object.keys(withEnum(current))].filter((keyword) => !annotations.includes(keyword)));
  return [...keywords].flatMap((keyword) => differences(keyword, withEnum(released)[keyword], withEnum(current)[keyword], at));
}

function differences(keyword: string, released: unknown, current: unknown, at: string): readonly string[] {
  if (isDeepStrictEqual(released, current)) return [];
  if (keyword === 'required') return [...missing(released, current).map((name) => `${at}.${name} is no longer required`), ...missing(current, released).map((name) => `${at}.${name} is required now`)];
  if (keyword === 'enum' && Array.isArray(released) && Array.isArray(current)) return missing(released, current).map((value) => `${at} is no longer ${value}`);
  if (keyword === 'properties' && isSchema(released) && isSchema(current)) {
    return Object.entries(released).flatMap(([name, schema]) => (isSchema(schema) && isSchema(current[name]) ? incompatibilities(schema, current[name], `${at}.${name}`) : [`${at}.${name} is gone`]));
  }
  if (Array.isArray(released) && Array.isArray(current) && released.length === current.length) return released.flatMap((one, index) => differences(`${keyword}[${index}]`, one, current[index], at));
  if (isSchema(released) && isSchema(current)) return incompatibilities(released, current, `${at} (${keyword})`);
  return [`${at}: ${keyword} was ${JSON.stringify(released) ?? 'not there'}, and is ${JSON.stringify(current) ?? 'not there'}`];
}

/** A constant is an enumeration of one. */
function withEnum({ const: constant, ...schema }: JsonSchema): JsonSchema {
  return constant === undefined ? schema : { ...schema, enum: [constant] };
}

function missing(from: unknown, within: unknown): readonly string[] {
  const [all, known] = [from, within].map((list) => (Array.isArray(list) ? list.map(String) : []));
  return (all ?? []).filter((name) => !known?.includes(name));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
