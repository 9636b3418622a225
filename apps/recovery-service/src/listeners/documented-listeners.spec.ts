import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceUnderTest } from '../testing/service-under-test.ts';

const page = fileURLToPath(new URL('../../../../docs/listeners.md', import.meta.url));
const country = 'http://wso2.org/claims/country';

describe('docs/listeners.md', () => {
  let folder: string;
  let service: ServiceUnderTest;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-documented-'));
    const text = await readFile(page, 'utf8');
    const blocks = (language: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
    const [listener = '', handler = ''] = blocks('js');
    await writeFile(path.join(folder, 'home.mjs'), listener);
    await writeFile(path.join(folder, 'told.mjs'), handler);
    service = await ServiceUnderTest.start(blocks('toml').join('').replaceAll('./listeners/', `${folder}/`));
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it('has a listener that does what it says', async () => {
    const added = await service.users.addUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'kim' }, null, {});
    if (added.kind !== 'added') throw new Error('expected a user');
    expect(await service.users.setClaims(added.user, { [country]: 'NO' })).toEqual({ kind: 'refused', code: 'NOT-FROM-HERE', message: 'Only CH is a country here.' });
    expect(await service.users.setClaims(added.user, { [country]: 'CH' })).toEqual({ kind: 'updated' });
    expect(await service.users.setClaims(added.user, { 'http://wso2.org/claims/givenname': 'Kim' })).toEqual({ kind: 'updated' });
  });

  it('has a listener and a handler that fail at nothing', async () => {
    const added = await service.users.addUser({ tenantDomain: 'carbon.super', realm: 'PRIMARY', username: 'lee' }, null, {});
    if (added.kind !== 'added') throw new Error('expected a user');
    expect(await service.users.deleteUser(added.user)).toEqual({ kind: 'deleted' });
    const { chain, handlers } = service.users;
    expect(handlers.find(({ name }) => name === 'told')?.subscriptions).toEqual(new Set(['POST_ADD_USER', 'POST_DELETE_USER']));
    const steps = chain.traces.latest().filter(({ username }) => username === 'lee').flatMap((trace) => trace.steps);
    expect(steps.map(({ hook, listener }) => `${hook} ${listener}`)).toEqual(expect.arrayContaining(['post home', 'post governance_identity_mgt']));
    expect(new Set(steps.map(({ verdict }) => verdict))).toEqual(new Set(['continue']));
  });
});
