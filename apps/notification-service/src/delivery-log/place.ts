/** Where a page ended; both are whole numbers in decimal. */
export interface Place {
  /** Since 1970: milliseconds, as JavaScript has them, would be another place. */
  readonly microseconds: string;
  readonly position: string;
}

export function cursorAt({ microseconds, position }: Place): string {
  return Buffer.from(`${microseconds}/${position}`).toString('base64url');
}

/** @returns undefined where no answer gave it */
export function placeAt(cursor: string): Place | undefined {
  const [, microseconds, position] = /^(\d{1,16})\/(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return microseconds === undefined || position === undefined ? undefined : { microseconds, position };
}
