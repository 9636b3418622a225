import { until } from '@rekey/test-kit';
import 'reflect-metadata';
import { ruleOf } from '../api-docs/accesses.ts';
import { routesOf } from '../api-docs/routes.ts';
import { httpDoors } from '../recovery-service.module.ts';
import { bodyOf, started, Steps } from '../recovery-flow/testing/steps.ts';
import { ServiceUnderTest, type Answer } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const governance = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50';
const recoveryConnector = 'YWNjb3VudC1yZWNvdmVyeQ';
const expiry = (value: string) => ({ operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value }] });
const patchOf = (operation: object) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] });
const enabled = '[identity_mgt.username_recovery.email]\nenable_username_recovery = true\n[identity_mgt.user_self_registration]\nallow_self_registration = true\n[identity_mgt.password_reset_by_admin]\nenable_emailed_link_based_reset = true\n';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(enabled)));
afterAll(() => service.stop());

let made = 0;
const aUser = async () => service.aUser(`acted-on-${made++}`);
const anId = async () => {
  const [user] = await service.database.query<{ id: string }>('SELECT id FROM user_account WHERE username = $1', [await aUser()]);
  return user?.id ?? '';
};
const aKey = async () => {
  const username = await aUser();
  await service.recover(username);
  return service.keyOf(username);
};
const aForcedReset = async () => (await service.ask('/api/rekey/v1/forced-resets', { body: { users: [await aUser()] } })).body as { id: string };
const ask = async (address: string, body: object, method = 'POST'): Promise<Answer> => service.ask(address, { method, body });
const byName = (value: string) => ({ claims: [{ uri: 'http://wso2.org/claims/emailaddress', value: `${value}@example.com` }] });

/** What an administrator can do, by the route: what the record of it calls it, and doing it. */
type Acts = Readonly<Record<string, readonly [operation: string, act: () => Promise<Answer>]>>;
const v09 = '/api/identity/recovery/v0.9';
const v10 = '/api/identity/user/v1.0';

const flowActs = (version: 'v1' | 'v2'): Acts => {
  const steps = () => new Steps(service, version);
  const password = `post /api/users/${version}/recovery/password`;
  return {
    [`${password}/recover`]: ['requestRecovery', async () => steps().recover(started(await steps().init(await aUser())).recoveryCode)],
    [`${password}/resend`]: ['requestRecovery', async () => steps().resend((await steps().toMail(await aUser())).resendCode)],
    [`${password}/confirm`]: ['validateKey', async () => steps().confirm(await aKey())],
    [`${password}/reset`]: ['updateCredentialByAdmin', async () => {
      const username = await aUser();
      const { flowConfirmationCode } = await steps().toMail(username);
      return steps().reset(bodyOf(await steps().confirm(await service.keyOf(username))).resetCode, other, flowConfirmationCode);
    }],
    [`post /api/users/${version}/recovery/username/recover`]: ['requestUsername', async () => {
      const { recoveryCode } = started(await steps().call('username/init', byName(await aUser())));
      return steps().call('username/recover', { recoveryCode, channelId: '1', properties: [] });
    }],
  };
};

const acts: Acts = {
  'post /api/server/v1/tenants': ['addTenant', () => ask('/api/server/v1/tenants', { domain: 'added.example', owners: [{ username: 'boss', password, email: 'boss@added.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' }] })],
  'put /api/server/v1/tenants/{id}/lifecycle-status': ['deactivateTenant', async () => {
    await service.aTenant('idle.example');
    const { id } = (await service.ask('/api/server/v1/tenants/domain/idle.example')).body as { id: string };
    return ask(`/api/server/v1/tenants/${id}/lifecycle-status`, { activated: false }, 'PUT');
  }],
  'patch /api/server/v1/identity-governance/{categoryId}/connectors/{connectorId}': ['updateConnector', () => ask(`${governance}/connectors/${recoveryConnector}`, expiry('59'), 'PATCH')],
  'patch /api/server/v1/identity-governance/{categoryId}/connectors': ['updateConnector', () => ask(`${governance}/connectors`, { operation: 'UPDATE', connectors: [{ id: recoveryConnector, properties: expiry('58').properties }] }, 'PATCH')],
  'post /api/server/v1/identity-governance/{categoryId}/connectors/revert': ['updateConnector', () => ask(`${governance}/connectors/revert?connectorId=${recoveryConnector}`, { properties: ['Recovery.ExpiryTime'] })],
  'post /scim2/Users': ['addUser', () => ask('/scim2/Users', { userName: 'added', password })],
  'put /scim2/Users/{id}': ['setClaims', async () => ask(`/scim2/Users/${await anId()}`, { userName: `acted-on-${made - 1}`, emails: ['elsewhere@example.com'] }, 'PUT')],
  'patch /scim2/Users/{id}': ['setClaims', async () => ask(`/scim2/Users/${await anId()}`, patchOf({ op: 'replace', path: 'active', value: false }), 'PATCH')],
  'delete /scim2/Users/{id}': ['deleteUser', async () => service.ask(`/scim2/Users/${await anId()}`, { method: 'DELETE' })],
  'post /scim2/Bulk': ['deleteUser', async () => ask('/scim2/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [{ method: 'DELETE', path: `/Users/${await anId()}` }] })],
  [`post ${v09}/recover-password`]: ['requestRecovery', async () => service.recover(await aUser())],
  [`post ${v09}/set-password`]: ['updateCredentialByAdmin', async () => service.setPassword(await aKey(), other)],
  [`post ${v09}/validate-code`]: ['validateKey', async () => ask(`${v09}/validate-code`, { code: await aKey() })],
  [`post ${v09}/recover-username`]: ['requestUsername', async () => ask(`${v09}/recover-username?notify=true`, byName(await aUser()).claims)],
  [`post ${v10}/resend-code`]: ['requestRecovery', async () => ask(`${v10}/resend-code`, { user: { username: await aUser() }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] })],
  [`post ${v10}/validate-code`]: ['validateKey', async () => ask(`${v10}/validate-code`, { code: await aKey() })],
  [`post ${v10}/introspect-code`]: ['validateKey', async () => ask(`${v10}/introspect-code`, { code: await aKey() })],
  [`post ${v10}/me`]: ['addUser', () => ask(`${v10}/me`, { user: { username: 'registered', realm: 'PRIMARY', password, ...byName('registered') }, properties: [] })],
  ...flowActs('v1'),
  ...flowActs('v2'),
  'put /api/rekey/v1/users/{id}/roles': ['assignRoles', async () => ask(`/api/rekey/v1/users/${await anId()}/roles`, { roles: ['recovery-client'] }, 'PUT')],
  'delete /api/rekey/v1/users/{id}/sessions/{sessionId}': ['endSessions', async () => {
    const username = `acted-on-${made++}`;
    await service.aUser(username, { password });
    await service.cookieOf(`${username}:${password}`);
    const [session] = await service.database.query<{ id: string; userId: string }>('SELECT session.id, user_id AS "userId" FROM session JOIN user_account ON user_account.id = user_id WHERE username = $1', [username]);
    return service.ask(`/api/rekey/v1/users/${session?.userId}/sessions/${session?.id}`, { method: 'DELETE' });
  }],
  'delete /api/rekey/v1/users/{id}/sessions': ['endSessions', async () => service.ask(`/api/rekey/v1/users/${await anId()}/sessions`, { method: 'DELETE' })],
  'post /api/rekey/v1/forced-resets': ['startForcedReset', async () => ask('/api/rekey/v1/forced-resets', { users: [await aUser()] })],
  ...Object.fromEntries(['pause', 'resume', 'cancel'].map((move) => [`post /api/rekey/v1/forced-resets/{id}/${move}`, [`${move}ForcedReset`, async () => ask(`/api/rekey/v1/forced-resets/${(await aForcedReset()).id}/${move}`, {})]] as const)),
};

/** They change nothing, though they are no GET. */
const questions = /\/(\.search|preferences|dry-run|preview|test-send|validate-username|captcha|init)$/;
/** The notification service keeps templates, brands, mails, and what it sends them by: tests/mail-templates.spec.ts, tests/deliveries.spec.ts. */
const elsewhere = /\/email\/template-types|\/mail-brand|\/mail-templates\/|\/deliveries|\/dead-events|\/relays|\/webhooks|\/suppressed-addresses|\/bounces/;
const changing = routesOf(httpDoors)
  .filter(({ method, operation }) => method !== 'get' && operation !== undefined && ruleOf(operation.access).roles !== null)
  .map(({ method, path }) => `${method} ${path}`)
  .filter((route) => !questions.test(route) && !elsewhere.test(route));

describe('what an administrator does', () => {
  it('is known here, whatever route it takes', () => {
    expect(Object.keys(acts).toSorted()).toEqual(changing.toSorted());
  });

  it.each(Object.entries(acts))('at %s leaves a record with their name and the request’s id, and no value (S34)', async (_, [operation, act]) => {
    const [newest] = await service.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    const { status } = await act();
    expect([200, 201, 202, 204, 409]).toContain(status);
    const records = async () => service.database.query<{ text: string }>(`SELECT r::text AS text FROM audit_record AS r WHERE at >= $1 AND operation = $2 AND actor = 'admin@carbon.super' AND request_id IS NOT NULL`, [newest?.at, operation]);
    await until(async () => (await records()).length > 0);
    for (const { text } of await records()) for (const secret of [password, other, '$argon2id$', 'elsewhere@example.com']) expect(text).not.toContain(secret);
  });
});
