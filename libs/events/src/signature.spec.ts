import { generateKeyPairSync, sign, createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { EventSigner, EventVerifier, type SigningJwk } from './signature.ts';
import { aSigningKey } from './testing/a-publisher.ts';

const { publicKey, privateKey } = aSigningKey();
const signer = new EventSigner(privateKey);
const verifier = new EventVerifier([publicKey]);
const attributes = { id: '1', source: 's', type: 't', subject: 'u', time: 'now', dataschema: 'd' };
const value = Buffer.from('{"a":1}');

/** A signature that holds, over any protected header. */
function signedHeader(header: unknown): string {
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
  const bytes = sign(null, Buffer.concat([Buffer.from(`${encoded}.`), value]), createPrivateKey({ key: privateKey, format: 'jwk' }));
  return `${encoded}..${bytes.toString('base64url')}`;
}

const rightHeader = { alg: 'EdDSA', b64: false, crit: ['b64'], kid: 'signing-1', ce: attributes };

describe('a signature', () => {
  it('holds for the attributes and the bytes that were signed, and tells the key', () => {
    expect(verifier.verify(signer.sign(attributes, value), attributes, value)).toEqual({ kind: 'signed', kid: 'signing-1' });
    expect(verifier.verify(signedHeader(rightHeader), attributes, value)).toEqual({ kind: 'signed', kid: 'signing-1' });
  });

  it('is the standard\'s own: a detached JWS with an unencoded payload (RFC 7797)', () => {
    const [header] = signer.sign(attributes, value).split('..');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toEqual(rightHeader);
  });

  it('holds for no other bytes and no other attribute', () => {
    const signature = signer.sign(attributes, value);
    expect(verifier.verify(signature, attributes, Buffer.from('{"a":2}'))).toEqual({ kind: 'refused', reason: 'the signature does not match the data' });
    for (const name of Object.keys(attributes)) expect(verifier.verify(signature, { ...attributes, [name]: 'other' }, value)).toEqual({ kind: 'refused', reason: `the signature is for another ${name}` });
  });

  it.each([
    [{ ...rightHeader, alg: 'none' }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, alg: 'HS256' }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, b64: true }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, crit: undefined }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, crit: ['b64', 'exp'] }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, crit: 'b64' }, 'the signature is not EdDSA over an unencoded payload'],
    [{ ...rightHeader, kid: 'signing-2' }, 'signed with the unknown key "signing-2"'],
    [{ ...rightHeader, kid: undefined }, 'the signature names no key'],
    [{ ...rightHeader, kid: { toString: null } }, 'the signature names no key'],
    [{ ...rightHeader, kid: ['signing-1'] }, 'the signature names no key'],
    [{ ...rightHeader, ce: undefined }, 'the signature is for another id'],
    [{ ...rightHeader, ce: null }, 'the signature is for another id'],
    [{ ...rightHeader, ce: 'text' }, 'the signature is for another id'],
    [null, 'the signature is not EdDSA over an unencoded payload'],
    [[], 'the signature is not EdDSA over an unencoded payload'],
  ])('that holds is still refused with the protected header %j', (header, reason) => {
    expect(verifier.verify(signedHeader(header), attributes, value)).toEqual({ kind: 'refused', reason });
  });

  it.each(['', '.', '..', 'a..', '..b', 'a.b', 'a.payload.b', 'a..b.c', 'a..b..c', '....'])('is not %j', (signature) => {
    expect(verifier.verify(signature, attributes, value)).toEqual({ kind: 'refused', reason: 'the signature is not a detached JWS' });
  });

  it('that is cut short, too long or noise is refused', () => {
    const [header] = signer.sign(attributes, value).split('..');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => expect(verifier.verify(`${header}..${Buffer.from(bytes).toString('base64url')}`, attributes, value).kind).toBe('refused')));
  });
});

describe('signing keys', () => {
  it.each<[string, () => SigningJwk]>([
    ['an X25519 key', () => ({ ...generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }), kid: 'a' })],
    ['a P-256 key', () => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'a' })],
    ['half a key', () => ({ kty: 'OKP', crv: 'Ed25519', kid: 'a' })],
    ['a key of another length', () => ({ ...privateKey, d: `${String(privateKey['d'])}AAAA`, x: 'AAAA' })],
    ['a key with a number in it', () => ({ ...privateKey, x: 4815162342, d: 4815162342 }) as unknown as SigningJwk],
  ])('are not %s; nothing of it is in the error', (_what, key) => {
    for (const make of [() => new EventSigner(key()), () => new EventVerifier([key()])]) {
      expect(make).toThrow(new TypeError('expected an Ed25519 key as a JSON Web Key'));
    }
  });

  it('that are public do not sign', () => {
    expect(() => new EventSigner(publicKey)).toThrow('expected an Ed25519 key as a JSON Web Key');
  });
});
