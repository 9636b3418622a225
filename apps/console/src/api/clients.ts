import createClient from 'openapi-fetch';
import { tenantPath } from '../tenant-path.ts';
import type { paths as EmailTemplates } from './generated/email-templates.d.ts';
import type { paths as Governance } from './generated/identity-governance.d.ts';
import type { paths as Rekey } from './generated/rekey-v1.d.ts';
import type { paths as Scim } from './generated/scim2.d.ts';
import type { paths as Tenants } from './generated/tenants.d.ts';

/** A server that takes longer is as good as away. */
const patienceMs = 20_000;

function clientOf<Paths extends object>(basePath: string) {
  return createClient<Paths>({
    baseUrl: `${location.origin}${tenantPath}${basePath}`,
    credentials: 'same-origin',
    fetch: async (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patienceMs)]) }),
  });
}

export const rekey = clientOf<Rekey>('/api/rekey/v1');
export const governance = clientOf<Governance>('/api/server/v1/identity-governance');
export const emailTemplates = clientOf<EmailTemplates>('/api/server/v1/email');
export const scim = clientOf<Scim>('/scim2');
export const tenants = clientOf<Tenants>('/api/server/v1/tenants');
