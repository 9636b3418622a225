/**
 * A page of a list that goes on behind a row, whatever comes in or goes meanwhile. One row more than asked for tells whether there is another page.
 * @param read the rows behind the page before
 * @param keyOf by which the next page finds where to go on
 */
export async function keysetPage<Row>(limit: number, read: (limit: number) => Promise<readonly Row[]>, keyOf: (last: Row) => string): Promise<{ readonly page: readonly Row[]; readonly next: string | null }> {
  const found = await read(limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, next: last !== undefined && found.length > limit ? keyOf(last) : null };
}
