import { Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

interface PageTitleProps {
  readonly children: string;
  readonly lead?: ReactNode;
  /** What can be done with all of the page. */
  readonly actions?: ReactNode;
}

/** How a page begins. Names the tab, and takes the focus when the page appears, so that a screen reader says where one is. */
export function PageTitle({ children, lead, actions }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Rekey Console`;
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <header className="page-head">
      <div>
        <Title order={1} ref={heading} tabIndex={-1} className="page-title">
          {children}
        </Title>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
