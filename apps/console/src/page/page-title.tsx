import { PageHeading } from '@rekey/web';
import type { ReactNode } from 'react';

interface PageTitleProps {
  readonly children: string;
  readonly lead?: ReactNode;
  /** What can be done with all of the page. */
  readonly actions?: ReactNode;
}

/** How a page begins. */
export function PageTitle({ children, lead, actions }: PageTitleProps) {
  return (
    <header className="page-head">
      <div>
        <PageHeading>{children}</PageHeading>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
