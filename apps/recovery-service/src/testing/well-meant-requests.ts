import type { DocumentedOperation } from './documented.ts';

/** What somebody asks who knows how: what stands in `«»` is put in when it is sent. */
export interface WellMeantRequest {
  /** `user:password`; the administrator where it is not said. */
  readonly as?: string;
  /** The token of the session, where another is asked with than the person’s. */
  readonly session?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text already. */
  readonly body?: unknown;
}

const recovery = '/api/identity/recovery/v0.9';
const user = '/api/identity/user/v1.0';
const governance = '/api/server/v1/identity-governance';
const types = '/api/server/v1/email/template-types';
const tenants = '/api/server/v1/tenants';

/** Of a `[[bounce_webhook]]` of the name `postmark`. */
export const postmarkSecret = 'postmark:a password of sixteen';
const oneself = '«name»:«password»';
const another = 'another one nobody has guessed';
const scenario = [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }];
const category = { categoryId: 'QWNjb3VudCBNYW5hZ2VtZW50' };
const connector = { ...category, connectorId: 'YWNjb3VudC1yZWNvdmVyeQ' };
const properties = [{ name: 'Recovery.NotifySuccess', value: 'true' }];
const typeId = { typeId: 'UGFzc3dvcmRSZXNldA' };
const template = { id: 'en_US', contentType: 'text/plain', subject: 'News', body: 'Dear {{user-name}}', footer: '' };
const versionPath = { type: 'PasswordReset', locale: 'en_US' };
const byAddress = { claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: '«name»@example.com' }] };
const nickName = { Operations: [{ op: 'replace', path: 'nickName', value: 'Kim' }] };
const owner = { username: 'boss', password: '«password»', email: 'boss@example.com', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };

const ofFlows = Object.fromEntries(
  (['v1', 'v2'] as const).flatMap((version): [string, WellMeantRequest][] => {
    const at = `post /api/users/${version}/recovery`;
    return [
      [`${at}/password/recover`, { body: { recoveryCode: '«recovery code»', channelId: '1' } }],
      [`${at}/password/resend`, { body: { resendCode: '«resend code»' } }],
      [`${at}/password/confirm`, { body: version === 'v2' ? { confirmationCode: '«flow code»', otp: '«mailed key»' } : { confirmationCode: '«mailed key»' } }],
      [`${at}/password/reset`, { body: { resetCode: '«reset code»', password: another, ...(version === 'v2' ? { flowConfirmationCode: '«flow code»' } : {}) } }],
      [`${at}/username/init`, { body: byAddress }],
      [`${at}/username/recover`, { body: { recoveryCode: '«username code»', channelId: '1' } }],
    ];
  }),
);

/** For the operations that hardly a drawn request gets through, by method and path. */
const requests: Readonly<Record<string, WellMeantRequest>> = {
  [`post ${recovery}/recover-password`]: { body: { user: { username: '«name»' } } },
  [`post ${recovery}/set-password`]: { body: { key: '«key»', password: another } },
  [`post ${recovery}/validate-code`]: { body: { code: '«key»' } },
  [`post ${recovery}/recover-username`]: { body: byAddress.claims },
  [`post ${user}/resend-code`]: { body: { user: { username: '«name»' }, properties: scenario } },
  [`post ${user}/me/resend-code`]: { as: oneself, body: { properties: scenario } },
  [`post ${user}/validate-code`]: { body: { code: '«key»' } },
  [`post ${user}/me/validate-code`]: { as: oneself, body: { code: '«key»' } },
  [`post ${user}/introspect-code`]: { body: { code: '«key»' } },
  [`post ${user}/me`]: { body: { user: { username: 'made-«random»', password: '«password»', claims: byAddress.claims }, properties: [] } },
  [`get ${user}/pi-info/{userId}`]: { path: { userId: '«id»' } },
  ...ofFlows,
  [`get ${governance}`]: {},
  [`patch ${governance}/{categoryId}/connectors`]: { path: category, body: { operation: 'UPDATE', connectors: [{ id: connector.connectorId, properties }] } },
  [`patch ${governance}/{categoryId}/connectors/{connectorId}`]: { path: connector, body: { operation: 'UPDATE', properties } },
  [`post ${governance}/{categoryId}/connectors/revert`]: { path: category, query: { connectorId: connector.connectorId }, body: { properties: ['Recovery.NotifySuccess'] } },
  [`post ${governance}/preferences`]: { body: [{ 'connector-name': 'account-recovery' }] },
  [`get ${types}`]: {},
  [`post ${types}`]: { body: { displayName: 'News', templates: [template] } },
  [`get ${types}/{typeId}`]: { path: typeId },
  [`put ${types}/{typeId}`]: { path: typeId, body: [template] },
  [`delete ${types}/{typeId}`]: { path: typeId },
  [`post ${types}/{typeId}`]: { path: typeId, body: template },
  [`get ${types}/{typeId}/templates`]: { path: typeId },
  [`post ${types}/{typeId}/templates`]: { path: typeId, body: template },
  [`get ${types}/{typeId}/templates/{locale}`]: { path: { ...typeId, locale: 'en_US' } },
  [`put ${types}/{typeId}/templates/{locale}`]: { path: { ...typeId, locale: 'en_US' }, body: template },
  [`delete ${types}/{typeId}/templates/{locale}`]: { path: { ...typeId, locale: 'en_US' } },
  'post /api/rekey/v1/mail-templates/preview': { body: template },
  'post /api/rekey/v1/mail-templates/test-send': { as: '«administrator»', body: template },
  'get /api/rekey/v1/mail-templates/previews/{id}': { path: { id: '«preview id»' }, query: { scheme: 'dark' } },
  'get /api/rekey/v1/mail-templates/{type}/{locale}/placeholders': { path: versionPath },
  'get /api/rekey/v1/mail-templates/{type}/{locale}/versions': { path: versionPath },
  'get /api/rekey/v1/mail-templates/{type}/{locale}/versions/{version}': { path: { ...versionPath, version: '1' } },
  'post /api/rekey/v1/mail-templates/{type}/{locale}/versions/{version}/restore': { path: { ...versionPath, version: '1' } },
  'get /api/rekey/v1/mail-brand': {},
  'put /api/rekey/v1/mail-brand': { body: { name: 'Acme' } },
  'delete /api/rekey/v1/mail-brand': {},
  'post /api/rekey/v1/mail-brand/preview': { body: { name: 'Acme' } },
  'post /scim2/Users': { body: { userName: 'made-«random»', password: '«password»' } },
  'post /scim2/Users/.search': { body: { filter: 'userName eq "«name»"' } },
  'post /scim2/.search': { body: { filter: 'userName eq "«name»"' } },
  'put /scim2/Users/{id}': { path: { id: '«id»' }, body: { userName: '«name»' } },
  'patch /scim2/Users/{id}': { path: { id: '«id»' }, body: nickName },
  'delete /scim2/Users/{id}': { path: { id: '«id»' } },
  'put /scim2/Me': { as: oneself, body: { userName: '«name»' } },
  'patch /scim2/Me': { as: oneself, body: nickName },
  'delete /scim2/Me': { as: oneself },
  'post /scim2/Bulk': { body: { Operations: [{ method: 'PATCH', path: '/Users/«id»', data: nickName }] } },
  'get /scim2/ResourceTypes/{name}': { path: { name: 'User' } },
  'get /scim2/Schemas/{id}': { path: { id: 'urn:scim:wso2:schema' } },
  'post /api/rekey/v1/recovery/key': { body: { key: '«key»' } },
  'post /api/rekey/v1/recovery/reset': { body: { key: '«key»', password: another } },
  'post /api/rekey/v1/me/password': { body: { oldPassword: '«password»', password: another } },
  'post /api/rekey/v1/recovery/code': { body: { username: '«name»' } },
  'post /api/rekey/v1/recovery/code/confirm': { body: { flow: '«own flow»', code: '«own code»' } },
  'post /api/rekey/v1/recovery/code/forced': { body: { username: '«name»', code: '«forced code»' } },
  'post /api/rekey/v1/recovery/code/reset': { body: { flow: '«own flow»', resetCode: '«own reset code»', password: another } },
  'post /api/rekey/v1/username-recovery': { body: byAddress },
  'patch /api/rekey/v1/me/profile': { body: { givenName: 'Kim', locale: 'de_DE' } },
  'put /api/rekey/v1/me/address': { body: { email: '«name»@elsewhere.example', password: '«password»' } },
  'post /api/rekey/v1/me/address/resend': { session: '«session of whose address waits»' },
  'get /api/rekey/v1/users/{id}/sessions': { path: { id: '«id»' } },
  'get /api/rekey/v1/users/{id}/activity': { path: { id: '«id»' } },
  'delete /api/rekey/v1/users/{id}/sessions': { path: { id: '«id»' } },
  'delete /api/rekey/v1/users/{id}/sessions/{sessionId}': { path: { id: '«id»', sessionId: '«session id»' } },
  'post /api/rekey/v1/registration/confirm': { body: { key: '«confirmation key»' } },
  'post /api/rekey/v1/address/confirm': { body: { key: '«address key»' } },
  'delete /api/rekey/v1/me/sessions/{id}': { path: { id: '«session id»' } },
  'post /api/rekey/v1/events': { body: '«signed event»' },
  'post /api/rekey/v1/forced-resets': { body: { users: ['«name»'] } },
  'get /api/rekey/v1/forced-resets': {},
  'get /api/rekey/v1/forced-resets/{id}': { path: { id: '«forced reset id»' } },
  'get /api/rekey/v1/overview': { query: { buckets: '24' } },
  'get /api/rekey/v1/deliveries': { query: { state: 'SENT', from: '2026-11-25T10:00:00Z', limit: '5' } },
  'get /api/rekey/v1/deliveries/{id}': { path: { id: '«id»' } },
  'get /api/rekey/v1/dead-events': { query: { state: 'open' } },
  'get /api/rekey/v1/dead-events/{id}': { path: { id: '«id»' } },
  'post /api/rekey/v1/dead-events/{id}/replay': { path: { id: '«id»' } },
  'post /api/rekey/v1/dead-events/{id}/discard': { path: { id: '«id»' }, body: { reason: 'nobody publishes it any more' } },
  'post /api/rekey/v1/relays/{name}/test': { path: { name: 'main' } },
  'post /api/rekey/v1/webhooks/{name}/enable': { path: { name: 'crm' } },
  'post /api/rekey/v1/deliveries/{id}/replay': { path: { id: '«id»' }, body: { copy: true } },
  'get /api/rekey/v1/suppressed-addresses': {},
  'post /api/rekey/v1/suppressed-addresses': { body: { address: '«name»@example.com', reason: 'asked for' } },
  'delete /api/rekey/v1/suppressed-addresses/{id}': { path: { id: '0'.repeat(64) } },
  'post /api/rekey/v1/bounces': { body: { address: '«name»@example.com', kind: 'hard', reason: '550' } },
  'post /api/rekey/v1/bounce-webhooks/{name}': { as: postmarkSecret, path: { name: 'postmark' }, body: { RecordType: 'Bounce', Type: 'HardBounce', Email: '«name»@example.com', BouncedAt: '2026-11-25T10:00:00.1234567Z' } },
  'post /api/rekey/v1/deliveries/replay': { body: { filter: { state: 'REJECTED', cause: 'rcpt 550 5.1.1' } } },
  'get /api/rekey/v1/settings/{connector}': { path: { connector: 'account-recovery' } },
  'get /api/rekey/v1/users/{id}/roles': { path: { id: '«id»' } },
  'put /api/rekey/v1/users/{id}/roles': { path: { id: '«id»' }, body: { roles: ['recovery-client'] } },
  [`post ${tenants}`]: { body: { domain: 'made-«random».example', owners: [owner] } },
  [`get ${tenants}/domain/{domain}`]: { path: { domain: 'carbon.super' } },
  [`get ${tenants}/{id}`]: { path: { id: '«tenant id»' } },
  [`get ${tenants}/{id}/owners`]: { path: { id: '«tenant id»' } },
  [`put ${tenants}/{id}/lifecycle-status`]: { path: { id: '«tenant id»' }, body: { activated: true } },
};

export function wellMeantRequestTo({ method, path }: DocumentedOperation): WellMeantRequest | null {
  return requests[`${method} ${path}`] ?? null;
}
