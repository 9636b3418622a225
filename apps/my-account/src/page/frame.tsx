import { Paper } from '@mantine/core';
import { ApiProblem, LanguageChooser, tenantDomain } from '@rekey/web';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWays } from '../api/use-ways.ts';
import { Brand } from './brand.tsx';
import { Heading } from './heading.tsx';

/** What every page stands in that nobody need be signed in for: the name above, one card in the middle. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('entry');
  return (
    <div className="frame">
      <header>
        <Brand />
      </header>
      <Paper component="main" className="card" withBorder radius="lg">
        {useIsNowhere() ? <Heading mark="broken-link" title={t('noSuchTenant.title')} lead={t('noSuchTenant.lead', { domain: tenantDomain })} /> : children}
      </Paper>
      <footer className="foot">
        <LanguageChooser />
      </footer>
    </div>
  );
}

/** Whether the address names a tenant that there is not: nothing at it can work. */
function useIsNowhere(): boolean {
  const { error } = useWays({ enabled: tenantDomain !== null });
  return error instanceof ApiProblem && error.code === '18016';
}
