import { tenantPath, useSession } from '@rekey/web';
import { pages, type Page } from '../pages.ts';

const offered = pages.filter(({ onlySuperTenant }) => !onlySuperTenant || tenantPath === '');

/** Those that the tenant and the roles of whoever is signed in allow; what they allow on each the server says. */
export function useReadablePages(): readonly Page[] {
  const roles = useSession().data?.roles ?? [];
  const isAdministrator = roles.includes('administrator');
  const isHelpdeskAlone = roles.includes('helpdesk') && !isAdministrator && !roles.includes('auditor');
  return offered.filter(({ notForHelpdesk, onlyAdministrators }) => !(notForHelpdesk && isHelpdeskAlone) && !(onlyAdministrators && !isAdministrator));
}
