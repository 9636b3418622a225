import { loadDeploymentConfig } from '@rekey/deployment-config';
import { assertSamplePasswordChanged } from './index.ts';
import { ServiceUnderTest } from './testing/service-under-test.ts';

describe('an account that was made with the sample password', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => void (service = await ServiceUnderTest.start()));
  afterAll(() => service.stop());

  /** With another password in the file, which no longer counts. */
  const startAt = (listenAddress: string) => {
    const { config } = loadDeploymentConfig([{ name: 'test', toml: `[server]\nlisten_address = "${listenAddress}"\n[super_admin]\npassword = "one that nobody knows"` }], {});
    return assertSamplePasswordChanged(service, config);
  };

  it.each(['127.0.0.1', '::1', 'localhost'])('lets the service start on %s', async (address) => {
    await expect(startAt(address)).resolves.toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.0.2.1'])('keeps the service from starting on %s, until it has another one', async (address) => {
    await expect(startAt(address)).rejects.toThrow(/^the account admin still has the sample password/);
  });

  it('lets the service start anywhere once it has another one', async () => {
    const user = await service.users.findUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'admin' });
    if (!user) throw new Error('the super administrator is there from the start');
    await service.users.updateCredentialByAdmin(user, 'a password of its own', async () => true);
    await expect(startAt('0.0.0.0')).resolves.toBeUndefined();
  });
});
