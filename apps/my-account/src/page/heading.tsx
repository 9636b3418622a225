import { Text } from '@mantine/core';
import { PageHeading } from '@rekey/web';
import type { ReactNode } from 'react';

export type Mark = 'mail' | 'done' | 'broken-link';

interface HeadingProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly mark?: Mark;
}

/** How a page begins: the title, what it is about, and above them a mark where the page tells an outcome. */
export function Heading({ title, lead, mark }: HeadingProps) {
  return (
    <div>
      {mark && (
        <svg className="mark" data-mark={mark} viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
          <circle cx="24" cy="24" r="24" className="mark-ground" />
          <path d={drawings[mark]} className="mark-line" />
        </svg>
      )}
      <PageHeading>{title}</PageHeading>
      {lead && <Text className="lead">{lead}</Text>}
    </div>
  );
}

const drawings: Readonly<Record<Mark, string>> = {
  mail: 'M13 16.5h22v15.5h-22zM13.5 17.5l10.5 8.5l10.5-8.5',
  done: 'M15 24.5l6.5 6.5l12-13',
  'broken-link': 'M21.5 28.5l-3 3a4.6 4.6 0 0 1-6.5-6.5l3-3M26.5 19.5l3-3a4.6 4.6 0 0 1 6.5 6.5l-3 3M20.5 15.5v-3M16.5 18l-2.4-2.4M27.5 32.5v3M31.5 30l2.4 2.4',
};
