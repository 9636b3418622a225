import type { ConnectorSettings } from '@rekey/governance';
import type { z } from 'zod';
import { inAnyCase } from '../http/body.ts';
import { ApiError } from '../http/error-catalogue.ts';

/** A caller's own word on who tells the person, in the query. */
export const notify = inAnyCase(['true', 'false']).optional().meta({ description: '`true`: by mail; `false`: the answer is the key or the username, for a caller who brings it to the person. Default: what the tenant says (`Recovery.Notification.InternallyManage`).' });

/** Whether what is asked for is handed to the caller in place of mailed: as the request says, and else the tenant, as in WSO2. */
export async function handsOver(settings: ConnectorSettings, tenantDomain: string, asked?: z.output<typeof notify>): Promise<boolean> {
  return asked === undefined ? !(await settings.accountRecovery(tenantDomain)).manageInternally : asked === 'false';
}

/** To who asks for a link themselves where the organisation brings links to its people: the same for everyone. */
export function broughtByOthers(): ApiError {
  return new ApiError('20017', 'This organisation brings its people the links for a new password itself: ask it for one.');
}
