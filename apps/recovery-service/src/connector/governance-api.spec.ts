import { until } from '@rekey/test-kit';
import { ServiceUnderTest, type AskOptions, type ErrorBody } from '../testing/service-under-test.ts';

const api = '/api/server/v1/identity-governance';
const idOf = (name: string) => Buffer.from(name).toString('base64url');
const management = `${api}/${idOf('Account Management')}`;
const policies = `${api}/${idOf('Password Policies')}`;
const recovery = `${management}/connectors/${idOf('account-recovery')}`;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start()));
afterAll(() => service.stop());

const codeOf = async (address: string, options: AskOptions = {}) => {
  const { status, body } = await service.ask(address, options);
  return [status, (body as ErrorBody).code];
};
const patch = (address: string, values: Record<string, string>) => service.ask(address, { method: 'PATCH', body: { operation: 'UPDATE', properties: Object.entries(values).map(([name, value]) => ({ name, value })) } });
const patchSeveral = (address: string, connectors: Record<string, Record<string, string>>) =>
  service.ask(`${address}/connectors`, {
    method: 'PATCH',
    body: { operation: 'UPDATE', connectors: Object.entries(connectors).map(([name, values]) => ({ id: idOf(name), properties: Object.entries(values).map(([property, value]) => ({ name: property, value })) })) },
  });
const valueOf = async (property: string, connector = 'account-recovery') => {
  const { body } = await service.ask(`${api}/preferences`, { body: [{ 'connector-name': connector, properties: [property] }] });
  return (body as { properties: { value: string }[] }[])[0]?.properties[0]?.value;
};

describe('the governance API', () => {
  it('lists the categories and their connectors, each with the address where it stands', async () => {
    const { status, body } = await service.ask(api);
    const categories = body as { id: string; name: string; self: string; connectors: { id: string; self: string }[] }[];
    expect(status).toBe(200);
    expect(categories.map(({ name }) => name)).toEqual(['User Onboarding', 'Login Attempts Security', 'Account Management', 'Password Policies', 'Other Settings']);
    expect(categories[2]).toMatchObject({ id: 'QWNjb3VudCBNYW5hZ2VtZW50', self: '/t/carbon.super/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50' });
    for (const { name, self, connectors } of categories) {
      const category = await service.ask(self);
      expect(category.body).toMatchObject({ name, connectors: connectors.map(({ id }) => ({ id })) });
      expect((await service.ask(`${self}/connectors`)).body).toEqual((category.body as { connectors: unknown }).connectors);
      for (const { id, self: address } of connectors) expect((await service.ask(address)).body).toMatchObject({ id, category: name, subCategory: 'DEFAULT', order: 0 });
    }
  });

  it('has no pages, filters and orders, as WSO2 has not', async () => {
    expect(await Promise.all(['limit=1', 'offset=0', 'filter=name', 'sort=asc'].map((query) => codeOf(`${api}?${query}`)))).toEqual([
      [501, 'IDG-50005'],
      [501, 'IDG-50005'],
      [501, 'IDG-50006'],
      [501, 'IDG-50007'],
    ]);
  });

  it('answers 404 where there is no such category or connector', async () => {
    const revert = { body: { properties: ['passwordPolicy.enable'] } };
    expect(await Promise.all([codeOf(`${api}/x`), codeOf(`${api}/x/connectors`), codeOf(`${api}/QWNjb3VudCBNYW5hZ2VtZW50%3D`)])).toEqual([[404, 'IDG-50008'], [404, 'IDG-50008'], [404, 'IDG-50008']]);
    expect(await codeOf(`${policies}/connectors/${idOf('account-recovery')}`)).toEqual([404, 'IDG-50009']);
    expect(await codeOf(`${policies}/connectors/revert?connectorId=${idOf('account-recovery')}`, revert)).toEqual([404, 'IDG-50009']);
    const several = await patchSeveral(policies, { passwordHistory: { 'passwordHistory.enable': 'true' }, 'account-recovery': { 'Recovery.ExpiryTime': '5' } });
    expect([several.status, (several.body as ErrorBody).code, await valueOf('passwordHistory.enable', 'passwordHistory')]).toEqual([404, 'IDG-50009', 'false']);
  });

  it('changes a connector, and answers with it as it is then', async () => {
    const answer = await patch(recovery, { 'Recovery.ExpiryTime': '42' });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ name: 'account-recovery', properties: expect.arrayContaining([expect.objectContaining({ name: 'Recovery.ExpiryTime', value: '42' })]) })]);
  });

  it('changes several connectors of a category, or none', async () => {
    const wrong = await patchSeveral(policies, { passwordPolicy: { 'passwordPolicy.min.length': '16' }, passwordHistory: { 'passwordHistory.count': '25' } });
    expect([wrong.status, wrong.body]).toEqual([400, expect.objectContaining({ code: 'IDG-50013', description: 'passwordHistory.count: expected a whole number from 1 to 24, got "25".' })]);
    expect(await valueOf('passwordPolicy.min.length', 'passwordPolicy')).toBe('15');
    expect((await patchSeveral(policies, { passwordPolicy: { 'passwordPolicy.min.length': '16' }, passwordHistory: { 'passwordHistory.count': '24' } })).status).toBe(200);
    expect([await valueOf('passwordPolicy.min.length', 'passwordPolicy'), await valueOf('passwordHistory.count', 'passwordHistory')]).toEqual(['16', '24']);
  });

  it('takes changes back, so that deployment.toml counts again', async () => {
    await patch(recovery, { 'Recovery.ExpiryTime': '7' });
    const revert = (properties: unknown) => service.ask(`${management}/connectors/revert?connectorId=${idOf('account-recovery')}`, { body: { properties } });
    expect((await revert(['Recovery.ExpiryTime'])).status).toBe(200);
    expect(await valueOf('Recovery.ExpiryTime')).toBe('60');
    expect((await revert(['Recovery.Nothing'])).body).toMatchObject({ code: 'IDG-50017' });
    expect((await revert([])).body).toMatchObject({ code: 'RKY-10001' });
    expect(await codeOf(`${management}/connectors/revert`, { body: { properties: ['Recovery.ExpiryTime'] } })).toEqual([400, 'RKY-10001']);
  });

  it('finds properties by their names, all of a connector’s where none is named', async () => {
    const ask = async (body: unknown) => service.ask(`${api}/preferences`, { body });
    expect((await ask([{ 'connector-name': 'account.lock.handler', properties: ['account.lock.handler.Time'] }, { 'connector-name': 'passwordHistory' }])).body).toEqual([
      { 'connector-name': 'account.lock.handler', properties: [{ name: 'account.lock.handler.Time', value: '5' }] },
      { 'connector-name': 'passwordHistory', properties: [{ name: 'passwordHistory.enable', value: 'false' }, { name: 'passwordHistory.count', value: expect.any(String) }] },
    ]);
    expect((await ask([{ 'connector-name': 'suspension.notification' }])).body).toMatchObject({ code: 'IDG-50011' });
    expect((await ask([{ 'connector-name': 'passwordPolicy', properties: ['passwordHistory.count'] }])).body).toMatchObject({ code: 'IDG-50012' });
  });

  it('refuses what is malformed, and changes nothing', async () => {
    const property = { name: 'Recovery.ExpiryTime', value: '9' };
    const wrong: unknown[] = [
      {},
      [],
      { operation: 'DELETE', properties: [property] },
      { operation: 'UPDATE', properties: [] },
      { operation: 'UPDATE', properties: [{ ...property, value: ['9'] }] },
      { operation: 'UPDATE', properties: [{ ...property, value: null }] },
      { operation: 'UPDATE', properties: [{ ...property, extra: 1 }] },
      { operation: 'UPDATE', properties: Array.from({ length: 101 }, () => property) },
      { operation: 'UPDATE', properties: [{ ...property, value: 'x'.repeat(2_049) }] },
      '{"operation":"UPDATE","properties":[{"name":"__proto__","value":"true"}]}',
    ];
    for (const body of wrong) expect((await service.ask(recovery, { method: 'PATCH', body })).status).toBe(400);
    for (const body of [{}, { operation: 'UPDATE', connectors: [] }, { operation: 'UPDATE', connectors: [{ id: idOf('account-recovery'), properties: [] }] }]) expect((await service.ask(`${management}/connectors`, { method: 'PATCH', body })).status).toBe(400);
    for (const body of [{}, [{}], [{ 'connector-name': 'passwordPolicy', properties: 'all' }], Array.from({ length: 21 }, () => ({ 'connector-name': 'passwordPolicy' }))]) expect(await codeOf(`${api}/preferences`, { body })).toEqual([400, 'RKY-10001']);
    expect(await valueOf('Recovery.ExpiryTime')).not.toBe('9');
  });

  it('is for administrators alone, each of its routes', async () => {
    await service.aUser('robin');
    const update = { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '9' }] };
    const routes: [string, AskOptions][] = [
      [api, {}],
      [management, {}],
      [`${management}/connectors`, {}],
      [recovery, {}],
      [recovery, { method: 'PATCH', body: update }],
      [`${management}/connectors`, { method: 'PATCH', body: { operation: 'UPDATE', connectors: [{ id: idOf('account-recovery'), properties: update.properties }] } }],
      [`${management}/connectors/revert?connectorId=${idOf('account-recovery')}`, { body: { properties: ['Recovery.ExpiryTime'] } }],
      [`${api}/preferences`, { body: [{ 'connector-name': 'account-recovery' }] }],
    ];
    for (const [address, options] of routes) {
      expect([address, ...(await codeOf(address, { ...options, as: null }))]).toEqual([address, 401, '17002']);
      expect([address, ...(await codeOf(address, { ...options, as: 'robin:first password of 5' }))]).toEqual([address, 403, 'RKY-10005']);
    }
    expect(await valueOf('Recovery.ExpiryTime')).not.toBe('9');
  });

  it('leaves a record of each change, with what it brought along and no value, and none of what was refused (S34)', async () => {
    const from = new Date();
    await patch(recovery, { 'Recovery.Notification.Password.Enable': 'false' });
    await patch(recovery, { 'Recovery.ExpiryTime': '1441' });
    await patchSeveral(policies, { passwordPolicy: { 'passwordPolicy.enable': 'false' }, passwordHistory: { 'passwordHistory.enable': 'true' } });
    await service.ask(`${policies}/connectors/revert?connectorId=${idOf('passwordPolicy')}`, { body: { properties: ['passwordPolicy.enable'] } });
    const acts = () => service.database.query(`SELECT tenant_domain, actor, claims FROM audit_record WHERE at >= $1 AND operation = 'updateConnector' ORDER BY id`, [from]);
    await until(async () => (await acts()).length >= 3);
    const act = { tenant_domain: 'carbon.super', actor: 'admin@carbon.super' };
    expect(await acts()).toEqual([
      { ...act, claims: ['Recovery.Notification.Password.Enable', 'Recovery.Notification.Password.emailLink.Enable', 'Recovery.Notification.Password.OTP.SendOTPInEmail'] },
      { ...act, claims: ['passwordPolicy.enable', 'passwordHistory.enable'] },
      { ...act, claims: ['passwordPolicy.enable'] },
    ]);
  });
});
