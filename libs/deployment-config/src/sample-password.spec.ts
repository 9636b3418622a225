import { exposesSamplePassword } from './sample-password.ts';
import { load } from './testing/deployment-texts.ts';

describe('WSO2\'s sample password', () => {
  const exposed = (address: string, password: string) => exposesSamplePassword(load(`[server]\nlisten_address = "${address}"\n[super_admin]\npassword = "${password}"`).config);

  it.each(['127.0.0.1', '::1', 'localhost'])('is taken on %s, which only this machine reaches', (address) => {
    expect(exposed(address, 'admin')).toBe(false);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', '127.0.0.2'])('is exposed on %s, and any other password is not', (address) => {
    expect(exposed(address, 'admin')).toBe(true);
    expect(exposed(address, 'another')).toBe(false);
  });
});
