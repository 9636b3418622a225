import { ServiceUnderTest } from '../testing/service-under-test.ts';

interface ShownValue {
  readonly key: string;
  readonly value: string | null;
}

const toml = `
[super_admin]
password = "told to nobody"
[server]
trusted_proxies = ["10.0.0.0/8"]
[identity_mgt.password_reset_email]
enable_password_reset_email = true
reset_mail_validity = "45m"
`;

let service: ServiceUnderTest;
beforeAll(async () => void (service = await ServiceUnderTest.start(toml)));
afterAll(() => service.stop());

const as = 'admin:told to nobody';
const read = async () => {
  const { body } = await service.ask('/api/rekey/v1/configuration', { as });
  const { values } = body as { values: readonly ShownValue[] };
  return (wanted: string) => values.find(({ key }) => key === wanted);
};
const setting = async (name: string, asked: { as: string; tenant?: string } = { as }) => {
  const { body } = await service.ask(`${asked.tenant ?? ''}/api/rekey/v1/settings/account-recovery`, { as: asked.as });
  return (body as { settings: readonly { readonly name: string }[] }).settings.find((one) => one.name === name);
};

describe('the configuration, as administrators of the super tenant read it', () => {
  it('has every key with its value, where that stands, and whether a change waits for the next start', async () => {
    const valueOf = await read();
    expect(valueOf('server.trusted_proxies')).toEqual({ key: 'server.trusted_proxies', table: 'server', value: '[ "10.0.0.0/8" ]', isSecret: false, source: 'deployment.toml:5:1', needsRestart: true, pending: null, setting: null });
    expect(valueOf('rate_limit.enable')).toMatchObject({ value: 'true', source: 'default', needsRestart: false });
  });

  it('names the setting that administrators may change in place of a key', async () => {
    expect((await read())('identity_mgt.password_reset_email.reset_mail_validity')).toMatchObject({ value: '"45m"', setting: 'Recovery.ExpiryTime' });
  });

  it('says of secrets that they are there, and no more', async () => {
    expect((await read())('super_admin.password')).toMatchObject({ value: '"********"', isSecret: true });
    const { text } = await service.ask('/api/rekey/v1/configuration', { as });
    for (const secret of ['told to nobody', service.config.identityDatabase?.password, service.config.keys.signingPrivateKey?.['d']]) expect(text).not.toContain(secret);
  });

  it('follows a file that is read again; what only a start changes is pending', async () => {
    await service.reconfigure(`# moved\n${toml.replace('10.0.0.0/8', '10.1.0.0/16').replace('45m', '50m')}`);
    const valueOf = await read();
    expect(valueOf('server.trusted_proxies')).toMatchObject({ value: '[ "10.0.0.0/8" ]', pending: { value: '[ "10.1.0.0/16" ]' } });
    expect(await setting('Recovery.ExpiryTime')).toMatchObject({ value: '50', source: 'file', place: 'deployment.toml:9:1' });
    await service.reconfigure(toml);
  });
});

describe('a setting', () => {
  it('says where it comes from: the file, nobody, or who changed it and when', async () => {
    expect(await setting('Recovery.ExpiryTime')).toMatchObject({ value: '45', inFile: '45', default: '60', source: 'file', place: 'deployment.toml:8:1', key: 'identity_mgt.password_reset_email.reset_mail_validity', changedAt: null, changedBy: null });
    expect(await setting('Recovery.NotifySuccess')).toMatchObject({ source: 'default', place: null });
    expect(await setting('Recovery.CallbackRegex')).toMatchObject({ source: 'default', default: expect.stringContaining('id\\.example\\.com') });
    const body = { operation: 'UPDATE', properties: [{ name: 'Recovery.ExpiryTime', value: '7' }] };
    await service.ask('/api/server/v1/identity-governance/QWNjb3VudCBNYW5hZ2VtZW50/connectors/YWNjb3VudC1yZWNvdmVyeQ', { as, method: 'PATCH', body });
    expect(await setting('Recovery.ExpiryTime')).toMatchObject({ value: '7', inFile: '45', source: 'tenant', changedBy: 'admin@carbon.super', changedAt: expect.any(String) });
  });

  it('tells another tenant’s administrators the key, and not where the file is', async () => {
    const password = 'the password of whoever owns it';
    const owner = { username: 'boss', password, email: 'boss@acme.example', firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };
    await service.ask('/api/server/v1/tenants', { as, body: { domain: 'acme.example', owners: [owner] } });
    expect(await setting('Recovery.ExpiryTime', { as: `boss@acme.example:${password}`, tenant: '/t/acme.example' })).toMatchObject({ value: '45', source: 'file', key: expect.any(String), place: null });
  });
});
