import type { ReactNode } from 'react';

/** Says that something was done, to a screen reader too: it stands there, empty, before there is anything to say. */
export function Done({ children }: { readonly children?: ReactNode }) {
  return (
    <div role="status">
      {children && <p className="done">{children}</p>}
    </div>
  );
}
