import createClient from 'openapi-fetch';
import { tenantPath } from '../tenant-path.ts';
import type { paths as EmailTemplatesApi } from './generated/email-templates.d.ts';
import type { paths as GovernanceApi } from './generated/identity-governance.d.ts';
import type { paths as RekeyApi } from './generated/rekey-v1.d.ts';
import type { paths as ScimApi } from './generated/scim2.d.ts';
import type { paths as TenantsApi } from './generated/tenants.d.ts';

export type { EmailTemplatesApi, GovernanceApi, RekeyApi, ScimApi, TenantsApi };

/** A server that takes longer is as good as away. */
const patienceMs = 20_000;

/** Pure, so that a bundle has those alone that it asks. */
function clientOf<Paths extends object>(basePath: string) {
  return createClient<Paths>({
    baseUrl: `${location.origin}${tenantPath}${basePath}`,
    credentials: 'same-origin',
    fetch: async (request) => fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patienceMs)]) }),
  });
}

export const rekey = /* @__PURE__ */ clientOf<RekeyApi>('/api/rekey/v1');
export const governance = /* @__PURE__ */ clientOf<GovernanceApi>('/api/server/v1/identity-governance');
export const emailTemplates = /* @__PURE__ */ clientOf<EmailTemplatesApi>('/api/server/v1/email');
export const scim = /* @__PURE__ */ clientOf<ScimApi>('/scim2');
export const tenants = /* @__PURE__ */ clientOf<TenantsApi>('/api/server/v1');
