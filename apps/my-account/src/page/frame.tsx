import { Paper } from '@mantine/core';
import { LanguageChooser, Logo, tenantDomain } from '@rekey/web';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';

/** What every page stands in: the name above, one card in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="frame">
      <header className="brand">
        <Logo size={36} />
        <span>
          {texts.product} <span className="brand-part">{texts.part}</span>
          {tenantDomain !== null && <span className="brand-tenant">{tenantDomain}</span>}
        </span>
      </header>
      <Paper component="main" className="card" withBorder radius="lg">
        {children}
      </Paper>
      <footer className="foot">
        <LanguageChooser />
      </footer>
    </div>
  );
}
