import type { ScimResource } from './shown-user.ts';
import { attributeAt, coreSchema, isObject, schemaAt } from './user-attributes.ts';

/** Which attributes a client wants to see (RFC 7644 section 3.9): paths in whatever case, or whole schemas. */
export interface ShownAttributes {
  readonly attributes?: readonly string[] | undefined;
  readonly excludedAttributes?: readonly string[] | undefined;
}

/** `schemas` and `id` are always there. A path that names nothing selects nothing. */
export function shown(resource: ScimResource, { attributes, excludedAttributes = [] }: ShownAttributes): Record<string, unknown> {
  const isWanted = attributes ? anyOf(attributes) : () => true;
  const isExcluded = anyOf(excludedAttributes);
  const isShown = (path: string) => path === 'schemas' || path === 'id' || (isWanted(path) && !isExcluded(path));
  return Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]) => {
      const kept = keep(value, (part) => isShown(`${name}${isExtension(name) ? ':' : '.'}${part}`), () => isShown(name));
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

function keep(value: unknown, isPartShown: (part: string) => boolean, isShown: () => boolean): unknown {
  if (Array.isArray(value) && value.some(isObject)) {
    const entries = value.map((entry: unknown) => keep(entry, isPartShown, isShown)).filter((entry) => entry !== undefined);
    return entries.length > 0 ? entries : undefined;
  }
  if (!isObject(value)) return isShown() ? value : undefined;
  const parts = Object.entries(value).filter(([part]) => isPartShown(part));
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

/** Whether a path is one of those, or within one. */
function anyOf(paths: readonly string[]): (path: string) => boolean {
  const known = paths.flatMap((path) => schemaAt(path) ?? attributeAt(path)?.path ?? []);
  return (path) => known.some((named) => path === named || path.startsWith(`${named}.`) || path.startsWith(`${named}:`) || (named === coreSchema && !path.startsWith('urn:')));
}

function isExtension(name: string): boolean {
  return schemaAt(name) !== null;
}
