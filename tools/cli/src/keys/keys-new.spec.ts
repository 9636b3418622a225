import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { loadDeploymentConfig } from '@rekey/deployment-config';
import { rekeySaid } from '../testing/rekey-said.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('rekey keys new', () => {
  it('prints keys that a deployment.toml can have as they are', async () => {
    const { code, out } = await rekeySaid(['keys', 'new']);
    expect(code).toBe(0);
    const { keys } = loadDeploymentConfig([{ name: 'keys', toml: out.slice(0, out.indexOf('# The same as environment variables')) }], {}).config;
    expect(keys).toMatchObject({ sealingPublicKey: { crv: 'X25519' }, sealingPrivateKeys: [{ crv: 'X25519' }], signingPrivateKey: { crv: 'Ed25519' }, publishers: [{ source: 'urn:rekey:recovery-service' }] });
    expect(keys.sealingPrivateKeys[0]?.kid).toBe(keys.sealingPublicKey?.kid);
    expect(keys.publishers[0]?.publicKey.kid).toBe(keys.signingPrivateKey?.kid);
  });

  it('prints the same as environment variables', async () => {
    const { out } = await rekeySaid(['keys', 'new']);
    const variables = parseEnv(out.slice(out.indexOf('# The same as')));
    expect(Object.keys(variables).sort()).toEqual(['SEALING_PRIVATE_KEY', 'SEALING_PUBLIC_KEY', 'SIGNING_PRIVATE_KEY', 'SIGNING_PUBLIC_KEY']);
    for (const key of Object.values(variables)) expect(out).toContain(`'${key}'`);
  });

  it('makes other keys of another kid every time', async () => {
    const outs = await Promise.all([1, 2, 3].map(async () => (await rekeySaid(['keys', 'new'])).out));
    const kids = outs.flatMap((out) => [...new Set([...out.matchAll(/"kid":"([^"]+)"/g)].map(([, kid]) => kid))]);
    expect([kids.length, new Set(kids).size]).toEqual([6, 6]);
  });

  it('writes them where it is told, for the owner alone, and prints no private part', async () => {
    const target = path.join(folder, 'new-keys');
    const { code, out } = await rekeySaid(['keys', 'new', '--out', target]);
    expect(code).toBe(0);
    expect(readdirSync(target).sort()).toEqual(['keys.env', 'keys.toml']);
    for (const name of readdirSync(target)) expect(statSync(path.join(target, name)).mode & 0o777).toBe(0o600);
    expect(statSync(target).mode & 0o777).toBe(0o700);
    const secrets = [...readFileSync(path.join(target, 'keys.toml'), 'utf8').matchAll(/"d":"([^"]+)"/g)].map(([, secret = '']) => secret);
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) expect(out).not.toContain(secret);
  });

  it.each(['keys.toml', 'keys.env'])('overwrites nothing: where %s is there, it writes neither', async (name) => {
    writeFileSync(path.join(folder, name), 'mine');
    expect(await rekeySaid(['keys', 'new', '--out', folder])).toEqual({ code: 1, out: '', error: `${path.join(folder, name)} is there already, and is kept: name another folder\n` });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(path.join(folder, name), 'utf8')).toBe('mine');
  });

  it('leaves nothing where the second one cannot be written', async () => {
    symlinkSync(path.join(folder, 'nowhere', 'file'), path.join(folder, 'keys.env'));
    expect(await rekeySaid(['keys', 'new', '--out', folder])).toEqual({ code: 1, out: '', error: `${path.join(folder, 'keys.env')} is there already, and is kept: name another folder\n` });
    expect(readdirSync(folder)).toEqual(['keys.env']);
  });

  it('takes a name as the person who runs it through npm wrote it', async () => {
    const { out } = await rekeySaid(['keys', 'new', '--out', 'mine'], { npm_lifecycle_event: 'rekey', INIT_CWD: folder });
    expect(out).toContain(`wrote ${path.join(folder, 'mine', 'keys.toml')} and `);
    expect(readdirSync(path.join(folder, 'mine'))).toHaveLength(2);
  });

  it.each(['/proc/x', '/nowhere/keys'])('makes the folder alone, not the way to it: %s', async (target) => {
    expect(await rekeySaid(['keys', 'new', '--out', target])).toEqual({ code: 1, out: '', error: `${target} cannot be written (ENOENT)\n` });
  });

  it('names a folder that cannot be written', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(await rekeySaid(['keys', 'new', '--out', path.join(folder, 'file', 'below')])).toMatchObject({ code: 1, error: expect.stringContaining('cannot be written (ENOTDIR)') });
  });
});
