import { inert } from './terminal.ts';

/** Rows as lines of columns that stand one beneath the other. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const table = rows.map((row) => row.map((cell) => inert(cell)));
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).map((line) => `${line}\n`).join('');
}
