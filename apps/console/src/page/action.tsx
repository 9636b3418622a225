import type { ReactNode } from 'react';

interface ActionProps {
  readonly title: string;
  /** What it does to whom, before it is done. */
  readonly meaning: ReactNode;
  readonly children: ReactNode;
}

/** One thing that can be done, beside what it means; in a list of class `choices`. */
export function Action({ title, meaning, children }: ActionProps) {
  return (
    <li className="action">
      <div>
        <span className="action-title">{title}</span>
        <p className="quiet">{meaning}</p>
      </div>
      <div className="action-buttons">{children}</div>
    </li>
  );
}
