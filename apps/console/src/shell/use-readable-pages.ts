import { tenantPath, useSession } from '@rekey/web';
import { pages, type Page } from '../pages.ts';

const offered = pages.filter(({ onlySuperTenant }) => !onlySuperTenant || tenantPath === '');

/** Those that the tenant and the roles of whoever is signed in allow; what they allow on each the server says. */
export function useReadablePages(): readonly Page[] {
  const roles = useSession().data?.roles ?? [];
  const isHelpdeskAlone = roles.includes('helpdesk') && !roles.includes('administrator') && !roles.includes('auditor');
  return isHelpdeskAlone ? offered.filter(({ notForHelpdesk }) => !notForHelpdesk) : offered;
}
