import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import { tenantDomain } from '../tenant-path.ts';
import { texts } from '../texts.ts';

/** What every page stands in: the name above, one card in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="frame">
      <header className="brand">
        <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
          <rect width="32" height="32" rx="8" className="brand-ground" />
          <path d="M13 9a6 6 0 1 0 4.9 9.5H21v3h3v-3h2v-4h-8.1A6 6 0 0 0 13 9Zm0 4a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z" fill="#fff" />
        </svg>
        <span>
          {texts.product} <span className="brand-part">{texts.part}</span>
          {tenantDomain !== null && <span className="brand-tenant">{tenantDomain}</span>}
        </span>
      </header>
      <Paper component="main" className="card" withBorder radius="lg">
        {children}
      </Paper>
    </div>
  );
}
