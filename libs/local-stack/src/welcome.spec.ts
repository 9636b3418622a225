import { welcome, type Whereabouts } from './index.ts';

describe('the welcome', () => {
  const whereabouts: Whereabouts = { baseUrl: 'https://localhost:9443', superAdmin: { username: 'admin', password: 'admin' }, hasDemoUser: true, inboxUrl: 'http://localhost:9025', relay: '', dataFolder: '/data' };

  it('shows the sample account, and a command that signs in with it', () => {
    const text = welcome(whereabouts);
    expect(text).toContain('(admin / admin)');
    expect(text).toContain(`Basic ${Buffer.from('admin:admin').toString('base64')}`);
  });

  it('shows the name of an account of the operator’s, and nothing of its password', () => {
    const text = welcome({ ...whereabouts, superAdmin: { username: 'rosa', password: 'a password of her own' } });
    expect(text).toContain('(sign in as rosa)');
    expect(text).toContain("-u 'rosa'");
    expect(text).not.toMatch(/admin \/ admin|Basic |password of her own/);
  });

  it('speaks of the demo user only where there is one', () => {
    expect(welcome(whereabouts)).toContain('kim');
    expect(welcome({ ...whereabouts, hasDemoUser: false })).not.toContain('kim');
  });
});
