import { Paper } from '@mantine/core';
import { LanguageChooser } from '@rekey/web';
import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';

/** What every page stands in that nobody need be signed in for: the name above, one card in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="frame">
      <header>
        <Brand />
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
