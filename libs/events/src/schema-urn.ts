/** A higher minor version is read, another major one is not. */
export interface SchemaVersion {
  readonly major: number;
  readonly minor: number;
}

/** CloudEvents' `dataschema`: `urn:rekey:schema:<type>:<major>.<minor>` */
export function schemaUrn(type: string, { major, minor }: SchemaVersion): string {
  return `urn:rekey:schema:${type}:${major}.${minor}`;
}

/** @returns null for what is none */
export function parseSchemaUrn(urn: string): (SchemaVersion & { readonly type: string }) | null {
  const [, type, major, minor] = /^urn:rekey:schema:([A-Za-z]+):(\d{1,9})\.(\d{1,9})$/.exec(urn) ?? [];
  return type ? { type, major: Number(major), minor: Number(minor) } : null;
}
