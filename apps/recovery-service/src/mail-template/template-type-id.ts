/** WSO2's: unpadded base64url of the display name. */
export function typeIdOf(displayName: string): string {
  return Buffer.from(displayName).toString('base64url');
}

/** @returns the name; null where the id is none, or not as `typeIdOf` writes it */
export function typeNameOf(id: string): string | null {
  const name = Buffer.from(id, 'base64url').toString('utf8');
  return name !== '' && typeIdOf(name) === id.replace(/=+$/, '') ? name : null;
}
