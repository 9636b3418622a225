import { until } from '@rekey/test-kit';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const password = 'a password nobody has guessed';
const other = 'another one nobody has guessed';
const connector = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const hashOf = async (username: string) => (await service.database.query<{ hash: string }>('SELECT password_hash AS hash FROM user_account WHERE username = $1', [username]))[0]?.hash ?? '';
const idOf = async (username: string) => (await service.database.query<{ id: string }>('SELECT id FROM user_account WHERE username = $1', [username]))[0]?.id ?? '';

describe('an administrator', () => {
  it('starts a reset, and sees neither the key nor a password (S34)', async () => {
    await service.aUser('helped', { password, emails: ['helped@example.com'] });
    const answers = [await service.recover('helped'), await service.ask('/scim2/Users', { body: { userName: 'made', password } }), await service.ask(connector), await service.ask('/api/identity/user/v1.0/me')];
    const key = await service.keyOf('helped');
    for (const { text, headers } of answers) {
      for (const secret of [key, password, await hashOf('helped'), '$argon2id$']) expect(text + JSON.stringify([...headers])).not.toContain(secret);
    }
    const mails = JSON.stringify(service.events);
    expect(mails).not.toContain(key);
  });

  it('sets no password of somebody else without that person’s key (S34)', async () => {
    await service.aUser('unset', { password });
    await service.recover('unset');
    const [id, before] = [await idOf('unset'), await hashOf('unset')];
    const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', value: { password: other } }] };
    const tries = [
      await service.ask(`/scim2/Users/${id}`, { method: 'PATCH', body: patch }),
      await service.ask(`/scim2/Users/${id}`, { method: 'PUT', body: { userName: 'unset', password: other } }),
      await service.ask('/scim2/Users', { body: { userName: 'unset', password: other } }),
      await service.setPassword('A'.repeat(43), other),
      await service.ask(`/api/rekey/v1/users/${id}/sessions`, { method: 'POST', body: {} }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([400, 400, 409, 400, 404]);
    expect(await hashOf('unset')).toBe(before);
  });

  it('leaves a record of each act, with its own name and the request’s id, and no value of anything (S34)', async () => {
    const from = new Date();
    await service.aUser('noted', { password });
    const id = await idOf('noted');
    await service.recover('noted');
    await service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username: 'noted' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] } });
    await service.recover('my secret password', 'notify=false');
    const handedOver = await service.recover('noted', 'notify=false');
    await service.ask('/api/identity/recovery/v0.9/validate-code', { body: { code: handedOver.text } });
    await service.ask('/api/identity/user/v1.0/validate-code', { body: { code: 'guessed' } });
    await service.setPassword(handedOver.text, other);
    await service.ask(`/api/rekey/v1/users/${id}/sessions`, { method: 'DELETE' });
    await service.ask(connector, { method: 'PATCH', body: { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '59' }] } });
    const acts = () => service.database.query<Record<string, unknown>>(
      `SELECT operation, outcome, username, actor, claims, request_id IS NOT NULL AS traced FROM audit_record WHERE at >= $1 AND operation <> 'authenticate' ORDER BY id`, [from]);
    await until(async () => (await acts()).length >= 10);
    const act = { outcome: 'done', actor: 'admin@carbon.super', claims: [], traced: true };
    expect(await acts()).toEqual([
      { ...act, operation: 'addUser', username: 'noted', claims: ['http://wso2.org/claims/emailaddress'] },
      { ...act, operation: 'requestRecovery', username: null },
      { ...act, operation: 'requestRecovery', username: null },
      { ...act, operation: 'handOverKey', username: null },
      { ...act, operation: 'handOverKey', username: 'noted' },
      { ...act, operation: 'validateKey', username: 'noted' },
      { ...act, operation: 'validateKey', outcome: '18001', username: null },
      { ...act, operation: 'updateCredentialByAdmin', username: 'noted' },
      { ...act, operation: 'endSessions', username: 'noted' },
      { ...act, operation: 'updateConnector', username: null, claims: ['Recovery.ExpiryTime'] },
    ]);
  });

  it('leaves a record of what was refused, and of an answer that was given again: it may hold a key (S34)', async () => {
    await service.aUser('repeated', { password });
    await service.reconfigure('[identity_mgt.recovery]\nnotify_user_existence = true\n');
    const from = new Date();
    const withKey = { headers: { 'idempotency-key': 'key-repeated' }, body: { user: { username: 'repeated' } } };
    const handOver = () => service.ask('/t/carbon.super/api/identity/recovery/v0.9/recover-password?notify=false', withKey);
    const callback = { properties: [{ key: 'callback', value: 'https://evil.test/' }] };
    expect((await handOver()).text).toBe((await handOver()).text);
    await service.recover('nobody', 'notify=true');
    await service.recover('repeated', 'notify=true', callback);
    await service.setPassword('A'.repeat(43), other);
    await service.ask('/api/identity/recovery/v0.9/recover-username', { body: [{ uri: 'http://wso2.org/claims/emailaddress', value: 'repeated@example.com' }] });
    await service.ask('/api/rekey/v1/recovery/reset', { as: null, body: { key: 'A'.repeat(43), password: other } });
    await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'repeated' } });
    await service.reconfigure('');
    const acts = () => service.database.query<Record<string, unknown>>(`SELECT operation, outcome, username, actor, claims FROM audit_record WHERE at >= $1 AND operation <> 'authenticate' ORDER BY id`, [from]);
    await until(async () => (await acts()).length >= 8);
    const act = { outcome: 'done', username: null, actor: 'admin@carbon.super', claims: [] };
    expect(await acts()).toEqual([
      { ...act, operation: 'handOverKey', username: 'repeated' },
      { ...act, operation: 'repeatAnswer', claims: ['POST /api/identity/recovery/v0.9/recover-password'] },
      { ...act, operation: 'requestRecovery', outcome: '18003' },
      { ...act, operation: 'requestRecovery', outcome: '20044' },
      { ...act, operation: 'validateKey', outcome: '18001' },
      { ...act, operation: 'requestUsername', outcome: '20031' },
      { ...act, operation: 'validateKey', outcome: '18001', actor: null },
      { ...act, operation: 'requestRecovery', actor: null },
    ]);
  });
});
