import { stripVTControlCharacters } from 'node:util';

/** Rows as lines of columns that stand one beneath the other. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const table = rows.map((row) => row.map((cell) => printable(cell)));
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).map((line) => `${line}\n`).join('');
}

/** Names come from elsewhere: nothing in them steers the terminal. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, '');
}
