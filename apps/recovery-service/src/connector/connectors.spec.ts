import { ServiceUnderTest, type ErrorBody } from '../testing/service-under-test.ts';

const address = '/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ';
const master = 'Recovery.Notification.Password.Enable';

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const patch = (properties: unknown, prefix = '') => service.ask(prefix + address, { method: 'PATCH', body: { operation: 'UPDATE', properties } });

describe('the account-recovery connector', () => {
  it('turns notification based password recovery off and on at run time; off gives 20017 to everybody', async () => {
    await service.aUser('kim');
    expect((await patch([{ name: master, value: 'false' }])).status).toBe(200);
    const answers = [await service.recover('kim'), await service.recover('nobody'), await service.recover('kim', 'notify=false')];
    expect(answers.map(({ status, body }) => [status, (body as ErrorBody).code])).toEqual(answers.map(() => [400, '20017']));
    expect(((await service.ask('/api/rekey/v1/recovery', { as: null, body: { username: 'kim' } })).body as ErrorBody).code).toBe('20017');
    expect((await patch([{ name: master, value: 'true' }])).status).toBe(200);
    expect((await service.recover('kim')).status).toBe(202);
  });

  it('keeps what was live before it was turned off: a link that was mailed still works', async () => {
    await service.aUser('lee');
    await service.recover('lee');
    await patch([{ name: master, value: 'false' }]);
    expect((await service.setPassword(await service.keyOf('lee'), 'a password nobody has guessed')).status).toBe(200);
    await patch([{ name: master, value: 'true' }]);
  });

  it('is read as WSO2 shows it', async () => {
    const answer = await service.ask(address);
    expect(answer.body).toMatchObject({ name: 'account-recovery', category: 'Account Management', properties: expect.arrayContaining([expect.objectContaining({ name: master, value: 'true' })]) });
  });

  it('refuses what it does not know, whole: nothing of the request is taken', async () => {
    for (const wrong of [{ name: 'Recovery.Nothing', value: 'true' }, { name: 'Recovery.ExpiryTime', value: '1441' }, { name: 'Recovery.ExpiryTime', value: 'soon' }, { name: 'Recovery.NotifySuccess', value: 'perhaps' }, { name: 'Recovery.CallbackRegex', value: '(' }, { name: 'Recovery.CallbackRegex', value: 'a\0b' }]) {
      const answer = await patch([{ name: 'Recovery.ExpiryTime', value: '7' }, wrong]);
      expect([answer.status, (answer.body as ErrorBody).message]).toEqual([400, 'Bad Request']);
      expect((answer.body as ErrorBody).description).toMatch(wrong.value.includes('\0') ? /properties\.1\.value: must be Unicode text without NUL/ : wrong.name);
    }
    expect(JSON.stringify((await service.ask(address)).body)).not.toContain('"value":"7"');
  });

  it('hands keys over instead of mailing them when a tenant does not manage notifications internally', async () => {
    await service.aUser('external');
    await patch([{ name: 'Recovery.Notification.InternallyManage', value: 'false' }]);
    expect((await service.recover('external', '')).text).toMatch(/^[\w-]{43}$/);
    const resent = await service.ask('/api/identity/user/v1.0/resend-code', { body: { user: { username: 'external' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] } });
    expect([resent.status, (await service.setPassword(resent.text, 'a password nobody has guessed')).status]).toEqual([201, 200]);
    await patch([{ name: 'Recovery.Notification.InternallyManage', value: 'true' }]);
    expect(service.eventsOf('PasswordRecoveryRequested', 'external')).toEqual([]);
  });

  it('names the property at fault, for whoever shows it there', async () => {
    expect((await patch([{ name: 'Recovery.ExpiryTime', value: 'soon' }])).body).toMatchObject({ code: 'IDG-50013', properties: ['Recovery.ExpiryTime'] });
  });

  it('is changed by one of two who have read the same version; the other is told, and nothing is lost', async () => {
    const { body, headers } = await service.ask('/api/rekey/v1/settings/account-recovery');
    const version = headers.get('etag') ?? '';
    expect(version).toBe(`"${(body as { version: string }).version}"`);
    const by = async (value: string) => service.ask(address, { method: 'PATCH', headers: { 'if-match': version }, body: { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value }] } });
    const answers = await Promise.all([by('21'), by('22')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const revert = async (named: string) => service.ask(`${address.replace(/\/[^/]*$/, '/revert')}?connectorId=YWNjb3VudC1yZWNvdmVyeQ`, { headers: { 'if-match': named }, body: { properties: ['Recovery.ExpiryTime'] } });
    expect((await revert(version)).body).toMatchObject({ code: 'RKY-10120' });
    expect((await revert('*')).status).toBe(200);
    expect((await service.ask('/api/rekey/v1/settings/nothing')).status).toBe(404);
  });

  it('is each tenant’s own, under its path', async () => {
    await service.database.query(`INSERT INTO tenant (domain) VALUES ('acme.example') ON CONFLICT DO NOTHING`);
    // A tenant is seen by every instance within five seconds; asking until then is what a client would do.
    while ((await service.ask(`/t/acme.example${address}`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await patch([{ name: master, value: 'false' }], '/t/acme.example')).status).toBe(200);
    expect(((await service.ask('/t/acme.example/api/identity/recovery/v0.9/recover-password', { body: { user: { username: 'kim' } } })).body as ErrorBody).code).toBe('20017');
    expect((await service.recover('kim')).status).toBe(202);
  });

  it('is for administrators: others get 401 or 403, and 404 is for what is not there', async () => {
    expect((await service.ask(address, { as: null })).status).toBe(401);
    expect((await service.ask(address, { as: 'kim:first password of 3' })).status).toBe(403);
    expect((await service.ask(`${address}x`)).status).toBe(404);
  });
});
