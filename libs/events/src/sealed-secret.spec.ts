import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt, importJWK, type CompactJWEHeaderParameters, type JWK } from 'jose';
import { eventDataSchemas } from './event-data.ts';
import { SealedSecretError, SecretOpener, SecretSealer } from './sealed-secret.ts';
import { aRequest, aSealingKey } from './testing/a-publisher.ts';

const key = randomBytes(32).toString('base64url');
const recoveryId = randomUUID();
const own = aSealingKey('sealing-1');
const sealer = new SecretSealer(own.publicKey);
const opener = await SecretOpener.from([own.privateKey]);

async function refusalOf(sealed: string, id: string = recoveryId, by: SecretOpener = opener): Promise<string> {
  const error: unknown = await by.open(sealed, id).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SealedSecretError);
  return (error as SealedSecretError).message;
}

async function sealedByJose(more: Partial<CompactJWEHeaderParameters>): Promise<string> {
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'sealing-1', recovery_id: recoveryId, ...more };
  return new CompactEncrypt(Buffer.from(key)).setProtectedHeader(header).encrypt(await importJWK(own.publicKey, 'ECDH-ES'));
}

describe('a sealed recovery key', () => {
  it('is opened by the private key alone', async () => {
    expect(await opener.open(sealer.seal(key, recoveryId), recoveryId)).toBe(key);
  });

  it('shows nothing of the key, is another text each time, and fits the schema', async () => {
    const [first, second] = [sealer.seal(key, recoveryId), sealer.seal(key, recoveryId)];
    expect(first).not.toBe(second);
    for (const part of first.split('.')) expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain(key.slice(0, 8));
    expect(first).not.toContain(key);
    expect(eventDataSchemas.PasswordRecoveryRequested.safeParse(aRequest({ sealedSecret: first })).success).toBe(true);
  });

  it('is standard JWE: ECDH-ES and A256GCM, with the kid and the recovery id authenticated in the header', async () => {
    const [header] = sealer.seal(key, recoveryId).split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'sealing-1', recovery_id: recoveryId, epk: { crv: 'X25519' } });
  });

  it('is what jose makes and opens too', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(sealer.seal(key, recoveryId), await importJWK(own.privateKey, 'ECDH-ES'));
    expect([Buffer.from(plaintext).toString(), protectedHeader['recovery_id']]).toEqual([key, recoveryId]);
    expect(await opener.open(await sealedByJose({}), recoveryId)).toBe(key);
  });

  it.each<[string, Partial<CompactJWEHeaderParameters>]>([
    ['another content encryption', { enc: 'A128GCM' }],
    ['parties named', { apu: 'QWxpY2U' }],
    ['compression', { zip: 'DEF' }],
    ['an extension that must be understood', { crit: ['exp'], exp: 1 }],
  ])('is not taken with %s', async (_what, more) => {
    const [header, ...rest] = (await sealedByJose('enc' in more ? more : {})).split('.');
    const changed = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(header ?? '', 'base64url').toString()), ...more })).toString('base64url');
    expect(await refusalOf([changed, ...rest].join('.'))).toBe('the sealed secret cannot be opened: damaged, or sealed to another key');
  });

  it.each([
    ['a point of low order', Buffer.alloc(32)],
    ['a point that is too short', Buffer.alloc(31, 1)],
  ])('is not agreed on with %s', async (_what, point) => {
    const [header, ...rest] = sealer.seal(key, recoveryId).split('.');
    const fields = JSON.parse(Buffer.from(header ?? '', 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...fields, epk: { ...fields.epk, x: point.toString('base64url') } })).toString('base64url');
    expect(await refusalOf([changed, ...rest].join('.'))).toBe('the sealed secret cannot be opened: damaged, or sealed to another key');
  });

  it('belongs to one recovery: it cannot be moved to another', async () => {
    expect(await refusalOf(sealer.seal(key, recoveryId), randomUUID())).toBe('the sealed secret cannot be opened: sealed for another recovery');
  });

  it('cannot be moved by rewriting its header', async () => {
    const [header, ...rest] = sealer.seal(key, recoveryId).split('.');
    const victim = randomUUID();
    const rewritten = Buffer.from(Buffer.from(header ?? '', 'base64url').toString().replace(recoveryId, victim)).toString('base64url');
    expect(await refusalOf([rewritten, ...rest].join('.'), victim)).toBe('the sealed secret cannot be opened: damaged, or sealed to another key');
  });

  it('is refused with one changed letter, wherever it is', async () => {
    const sealed = sealer.seal(key, recoveryId);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom('A', 'z', '-', '.'), async (position, letter) => {
        const changed = sealed.slice(0, position) + letter + sealed.slice(position + 1);
        // The last letter of a part carries spare bits: another letter may mean the same bytes.
        const sameBytes = changed.split('.').length === 5 && changed.split('.').every((part, index) => Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[index] ?? '', 'base64url')));
        fc.pre(!sameBytes);
        expect(await refusalOf(changed)).toMatch(/^the sealed secret cannot be opened: /);
      }),
    );
  });

  it('sealed to a key that is not known names its kid, shortly and on one line', async () => {
    const other = aSealingKey('sealing-2');
    expect(await refusalOf(new SecretSealer(other.publicKey).seal(key, recoveryId))).toBe('the sealed secret cannot be opened: sealed to the unknown key "sealing-2"');
    const odd = new SecretSealer({ ...other.publicKey, kid: `\n${'k'.repeat(5_000)}` }).seal(key, recoveryId);
    expect((await refusalOf(odd)).length).toBeLessThan(250);
  });

  it('sealed to another key of the same kid is refused', async () => {
    expect(await refusalOf(new SecretSealer(aSealingKey('sealing-1').publicKey).seal(key, recoveryId))).toBe('the sealed secret cannot be opened: damaged, or sealed to another key');
  });

  it('is opened by an older key while keys change, and no longer after that', async () => {
    const next = aSealingKey('sealing-2');
    const [old, recent] = [sealer.seal(key, recoveryId), new SecretSealer(next.publicKey).seal(key, recoveryId)];
    const both = await SecretOpener.from([next.privateKey, own.privateKey]);
    expect([await both.open(old, recoveryId), await both.open(recent, recoveryId)]).toEqual([key, key]);
    expect(await refusalOf(old, recoveryId, await SecretOpener.from([next.privateKey]))).toContain('sealed to the unknown key "sealing-1"');
  });

  it.each(['dir', 'A256KW'])('is not taken with the algorithm %s', async (alg) => {
    const secret = await importJWK({ kty: 'oct', k: randomBytes(32).toString('base64url') }, alg === 'dir' ? 'A256GCM' : alg);
    const sealed = await new CompactEncrypt(Buffer.from(key)).setProtectedHeader({ alg, enc: 'A256GCM', kid: 'sealing-1', recovery_id: recoveryId }).encrypt(secret);
    expect(await refusalOf(sealed)).toBe('the sealed secret cannot be opened: damaged, or sealed to another key');
  });

  it.each(['', '.', '....', 'a.b.c.d.e', key, `${Buffer.from('{"alg":"ECDH-ES","enc":"A256GCM","kid":{"toString":null}}').toString('base64url')}..AAAA.AAAA.AAAA`])('is not %j, and no error shows it', async (text) => {
    const message = await refusalOf(text);
    expect(message).not.toContain(key);
    expect(message.length).toBeLessThan(120);
  });
});

describe('sealing keys', () => {
  it.each<[string, JWK]>([
    ['one without a kid', { ...own.publicKey, kid: '' }],
    ['an Ed25519 key', { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'a' }],
    ['a P-256 key', { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid: 'a' }],
    ['a symmetric key', { kty: 'oct', k: 'AAAA', kid: 'a' }],
  ])('are not %s', async (_what, jwk) => {
    expect(() => new SecretSealer(jwk)).toThrow(/^expected /);
    await expect(SecretOpener.from([jwk])).rejects.toThrow(/^expected /);
  });
});
