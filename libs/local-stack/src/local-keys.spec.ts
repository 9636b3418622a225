import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import { localKeys } from './index.ts';

describe('the local keys', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rekey-keys-')), 'data');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('are made once, also when two starts race', async () => {
    const [one, other] = await Promise.all([localKeys(folder), localKeys(folder)]);
    expect(other).toEqual(one);
    expect(await localKeys(folder)).toEqual(one);
    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600);
  });

  it('seal and open, sign and verify', async () => {
    const { sealing, signing } = await localKeys(folder);
    const sealed = await new CompactEncrypt(Buffer.from('secret')).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(await importJWK(sealing.publicKey));
    const { plaintext } = await compactDecrypt(sealed, await importJWK(sealing.privateKey));
    expect(Buffer.from(plaintext).toString()).toBe('secret');

    const data = Buffer.from('event');
    const signature = sign(null, data, createPrivateKey({ key: signing.privateKey, format: 'jwk' }));
    expect(verify(null, data, createPublicKey({ key: signing.publicKey, format: 'jwk' }), signature)).toBe(true);
  });

  it('have key ids of their own, and no private part in the public key', async () => {
    const { sealing, signing } = await localKeys(folder);
    expect(sealing.publicKey.kid).not.toBe(signing.publicKey.kid);
    expect(sealing.privateKey.kid).toBe(sealing.publicKey.kid);
    expect([sealing.publicKey, signing.publicKey].filter((key) => 'd' in key)).toEqual([]);
  });

  it('are not made anew over a damaged file: what was sealed with them could not be opened', async () => {
    await localKeys(folder);
    await writeFile(join(folder, 'keys.json'), '{"sealing":');
    await expect(localKeys(folder)).rejects.toThrow(`${join(folder, 'keys.json')} is damaged`);
  });
});
