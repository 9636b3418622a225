import { scimMediaType } from '../http/scim-error.ts';

export interface Api {
  readonly title: string;
  /** A route belongs to the API below whose path it is. */
  readonly basePath: string;
  readonly version: string;
  readonly description: string;
  /** Of bodies, errors' too. Default: `application/json`. */
  readonly mediaType?: string;
}

/** One OpenAPI document each, under its name: `/api/docs/recovery-v0.9.json`. Those deeper down come before what is above them. */
export const apis = {
  'recovery-v0.9': { title: 'Recovery', basePath: '/api/identity/recovery/v0.9', version: '0.9', description: 'WSO2’s recovery API: for portals and administrators, who recover for others.' },
  'user-v1.0': { title: 'User', basePath: '/api/identity/user/v1.0', version: '1.0', description: 'WSO2’s user API: codes that are sent again and checked, self-registration, and one’s own data.' },
  'users-v1': { title: 'Account recovery v1', basePath: '/api/users/v1', version: '1', description: 'WSO2’s account recovery by steps: who it is, by which channel, the code, the new password.' },
  'users-v2': { title: 'Account recovery v2', basePath: '/api/users/v2', version: '2', description: 'WSO2’s account recovery by steps, each confirmed by the flow’s own code.' },
  'identity-governance': { title: 'Identity governance', basePath: '/api/server/v1/identity-governance', version: '1', description: 'WSO2’s governance connectors: the switches that administrators turn at run time, per tenant.' },
  'email-templates': { title: 'Email templates', basePath: '/api/server/v1/email', version: '1', description: 'WSO2’s mail template types and the templates of each, by language.' },
  scim2: { title: 'SCIM 2.0', basePath: '/scim2', version: '2.0', description: 'Users, by RFC 7643 and RFC 7644.', mediaType: scimMediaType },
  'rekey-v1': { title: 'Rekey’s own', basePath: '/api/rekey/v1', version: '1', description: 'What My Account and the Console ask, and administrators beyond what WSO2 has.' },
  tenants: { title: 'Tenants', basePath: '/api/server/v1', version: '1', description: 'WSO2’s tenants: made, listed, switched on and off.' },
  health: { title: 'Health', basePath: '/health', version: '1', description: 'For gateways and supervisors.' },
  metrics: { title: 'Metrics', basePath: '/metrics', version: '1', description: 'For Prometheus, at the service’s own port.' },
} as const satisfies Readonly<Record<string, Api>>;

export type ApiName = keyof typeof apis;

export const apiNames = Object.keys(apis).filter((name): name is ApiName => Object.hasOwn(apis, name));

/** @param path of a route: `/api/identity/recovery/v0.9/set-password` */
export function apiOf(path: string): ApiName | null {
  return apiNames.find((name) => path === apis[name].basePath || path.startsWith(`${apis[name].basePath}/`)) ?? null;
}
