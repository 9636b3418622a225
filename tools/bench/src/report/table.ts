import type { Spread } from '../measure/spread.ts';

/** Columns as wide as what they hold; the first one to the left, figures to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd();
  return [header, widths.map((width) => '-'.repeat(width)), ...rows].map((cells) => `  ${line(cells)}`).join('\n');
}

/** `8.1 (7.9–8.4)`: the median, and between what the runs lay. */
export function spread({ min, median, max }: Spread, digits = 1): string {
  return min === max ? figure(median, digits) : `${figure(median, digits)} (${figure(min, digits)}–${figure(max, digits)})`;
}

export function figure(value: number, digits = 1): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: Math.abs(value) >= 100 ? 0 : digits });
}
