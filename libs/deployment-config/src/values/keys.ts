import { createPrivateKey, type KeyObject } from 'node:crypto';
import { matching, secret, value } from './value.ts';

export const dkimSelector = value('a selector such as "rekey2026"', matching(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/));

export const rsaPrivateKey = privateKey('an RSA private key of at least 2048 bits, as PEM text', ({ asymmetricKeyType, asymmetricKeyDetails }) => asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048);
export const ed25519PrivateKey = privateKey('an Ed25519 private key, as PEM text', ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519');

/** Line breaks may be written as `\n`: in environment variables they are hard to come by. */
function privateKey(expected: string, isOne: (key: KeyObject) => boolean) {
  const parse = (pem: string): string | undefined => {
    try {
      return isOne(createPrivateKey(pem)) ? pem : undefined;
    } catch {
      return undefined;
    }
  };
  return secret(value(expected, (raw) => (typeof raw === 'string' ? parse(raw.replaceAll('\\n', '\n')) : undefined), 'kind'));
}

export type Jwk = Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid: string };

/** A JSON Web Key (RFC 8037) as JSON text. The value itself is never shown: it may be a private key. */
export const jwk = (curve: 'X25519' | 'Ed25519', part: 'public' | 'private') => {
  const key = value(
    `the ${part} part of an ${curve} key as JSON text, a JSON Web Key with "kty": "OKP", "crv": "${curve}", "kid", "x" and ${part === 'private' ? '"d"' : 'no "d"'}`,
    (raw) => (typeof raw === 'string' ? parseJwk(raw, curve, part) : undefined),
    'kind',
  );
  return part === 'private' ? secret(key) : key;
};

function parseJwk(json: string, curve: string, part: 'public' | 'private'): Jwk | undefined {
  const key = parseJson(json);
  if (typeof key !== 'object' || key === null) return undefined;
  const { kty, crv, kid, x, d }: { readonly [name: string]: unknown } = { ...key };
  if (kty !== 'OKP' || crv !== curve || typeof kid !== 'string' || kid === '' || !isKeyBytes(x)) return undefined;
  return (part === 'private' ? isKeyBytes(d) : d === undefined) ? { ...key, kty, kid } : undefined;
}

/** 32 bytes in base64url: what keys of both curves have. */
function isKeyBytes(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
