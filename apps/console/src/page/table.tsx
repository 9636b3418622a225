import type { ReactNode } from 'react';

interface TableProps {
  /** What it lists. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Rows; in each, one cell is a `th` that names it. */
  readonly children: ReactNode;
}

/** A table that scrolls by itself where the window is narrower, by the keyboard too. */
export function Table({ label, columns, children }: TableProps) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
