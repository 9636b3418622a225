import { createPrivateKey, createPublicKey, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { told } from './told.ts';

/**
 * The publisher's signature over an event: a detached JWS (RFC 7515 appendix F) with an unencoded payload (RFC 7797),
 * EdDSA over Ed25519 (RFC 8037). The payload is the record's value, byte for byte; the CloudEvents attributes stand in the
 * protected header, so an event cannot be replayed under another id, type, time or subject.
 *
 * Written on node:crypto, not on jose: the format is 20 lines, and WebCrypto's overhead would be half of what a recovery request costs.
 */
export interface SignedAttributes {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly dataschema: string;
}

interface ProtectedHeader {
  readonly alg: 'EdDSA';
  readonly b64: false;
  readonly crit: readonly ['b64'];
  readonly kid: string;
  readonly ce: SignedAttributes;
}

export type SigningJwk = JsonWebKey & { readonly kid: string };

export class EventSigner {
  private readonly key: KeyObject;
  private readonly kid: string;

  /**
   * @param privateJwk an Ed25519 private key with a `kid`
   * @throws TypeError where it is none
   */
  constructor(privateJwk: SigningJwk) {
    this.key = ed25519Key(() => createPrivateKey({ key: privateJwk, format: 'jwk' }));
    this.kid = privateJwk.kid;
  }

  /** @returns `<protected header>..<signature>`, both base64url */
  sign(attributes: SignedAttributes, value: Buffer): string {
    const header: ProtectedHeader = { alg: 'EdDSA', b64: false, crit: ['b64'], kid: this.kid, ce: attributes };
    const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
    return `${encodedHeader}..${sign(null, signingInput(encodedHeader, value), this.key).toString('base64url')}`;
  }
}

export type Verdict =
  | { readonly kind: 'signed'; readonly kid: string }
  /** `reason` is for an operator. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Checks signatures of one publisher, which has several keys while it changes from one to the next. */
export class EventVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** @throws TypeError where a key is no Ed25519 key, or two have one `kid` */
  constructor(publicJwks: readonly SigningJwk[]) {
    this.keys = new Map(publicJwks.map((jwk) => [jwk.kid, ed25519Key(() => createPublicKey({ key: jwk, format: 'jwk' }))]));
    if (this.keys.size < publicJwks.length) throw new TypeError('expected another "kid" for each key of a publisher');
  }

  verify(signature: string, attributes: SignedAttributes, value: Buffer): Verdict {
    const [encodedHeader, payload, encodedSignature, ...rest] = signature.split('.');
    if (!encodedHeader || payload !== '' || !encodedSignature || rest.length > 0) return refused('the signature is not a detached JWS');
    const header = parseHeader(encodedHeader);
    if (!header || header.alg !== 'EdDSA' || header.b64 !== false || !isB64Alone(header.crit)) return refused('the signature is not EdDSA over an unencoded payload');
    if (typeof header.kid !== 'string') return refused('the signature names no key');
    const key = this.keys.get(header.kid);
    if (!key) return refused(`signed with the unknown key "${told(header.kid)}"`);
    if (!verify(null, signingInput(encodedHeader, value), key, Buffer.from(encodedSignature, 'base64url'))) return refused('the signature does not match the data');
    const differing = attributeNames.find((name) => header.ce?.[name] !== attributes[name]);
    return differing === undefined ? { kind: 'signed', kid: header.kid } : refused(`the signature is for another ${differing}`);
  }
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason };
}

/** RFC 7515, 4.1.11: whoever does not understand all that is critical refuses. */
function isB64Alone(critical: unknown): boolean {
  return Array.isArray(critical) && critical.length === 1 && critical[0] === 'b64';
}

/** Node's own errors may show parts of the key. */
function ed25519Key(create: () => KeyObject): KeyObject {
  const key = keyOrNull(create);
  if (key?.asymmetricKeyType !== 'ed25519') throw new TypeError('expected an Ed25519 key as a JSON Web Key');
  return key;
}

function keyOrNull(create: () => KeyObject): KeyObject | null {
  try {
    return create();
  } catch {
    return null;
  }
}

const attributeNames = ['id', 'source', 'type', 'subject', 'time', 'dataschema'] as const satisfies readonly (keyof SignedAttributes)[];

function signingInput(encodedHeader: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${encodedHeader}.`), value]);
}

/** What a stranger wrote: nothing of it is believed before the signature over it holds. */
function parseHeader(encoded: string): Partial<ProtectedHeader> | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? header : null;
  } catch {
    return null;
  }
}
