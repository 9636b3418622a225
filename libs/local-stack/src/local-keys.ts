import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { readIfPresent, readOrMakePrivateFile } from './data-folder/private-file.ts';
import { LocalStackError } from './local-stack-error.ts';

/** A JSON Web Key (RFC 7517) of the OKP key type (RFC 8037). */
export interface OctetKeyPairJwk {
  readonly kty: 'OKP';
  readonly crv: 'X25519' | 'Ed25519';
  readonly kid: string;
  readonly alg: 'ECDH-ES' | 'EdDSA';
  readonly use: 'enc' | 'sig';
  readonly x: string;
  readonly [parameter: string]: unknown;
}

export interface KeyPair {
  readonly publicKey: OctetKeyPairJwk;
  /** The same with the private part `d`. */
  readonly privateKey: OctetKeyPairJwk & { readonly d: string };
}

export interface LocalKeys {
  /** X25519, ECDH-ES: recovery keys are sealed to it. */
  readonly sealing: KeyPair;
  /** Ed25519, EdDSA: events are signed with it. */
  readonly signing: KeyPair;
}

/**
 * The keys of the local modes: made at the first start in `keys.json` (mode 0600), the same ever after, also when two processes race.
 *
 * @throws LocalStackError if the folder cannot be written or the file is damaged
 */
export async function localKeys(folder: string): Promise<LocalKeys> {
  const file = keysFileIn(folder);
  return keysOf(file, await readOrMakePrivateFile(file, async () => JSON.stringify(await generateKeys(), null, 2)));
}

/** @returns null where no local mode has made any yet @throws LocalStackError if the file is damaged */
export async function madeLocalKeys(folder: string): Promise<LocalKeys | null> {
  const content = await readIfPresent(keysFileIn(folder));
  return content === undefined ? null : keysOf(keysFileIn(folder), content);
}

function keysFileIn(folder: string): string {
  return join(folder, 'keys.json');
}

function keysOf(file: string, content: string): LocalKeys {
  const keys = parse(content);
  if (keys === undefined) throw new LocalStackError(`${file} is damaged: restore it, or remove it to have new keys made (events sealed with the old ones cannot be opened then)`);
  return keys;
}

/** New ones at every call. */
export async function generateKeys(): Promise<LocalKeys> {
  const [sealing, signing] = await Promise.all([
    generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true }),
    generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }),
  ]);
  return {
    sealing: await pairOf(sealing, { crv: 'X25519', alg: 'ECDH-ES', use: 'enc' }),
    signing: await pairOf(signing, { crv: 'Ed25519', alg: 'EdDSA', use: 'sig' }),
  };
}

async function pairOf(pair: { publicKey: CryptoKey; privateKey: CryptoKey }, purpose: Pick<OctetKeyPairJwk, 'crv' | 'alg' | 'use'>): Promise<KeyPair> {
  const { x, d } = await exportJWK(pair.privateKey);
  if (x === undefined || d === undefined) throw new TypeError('an exported private key has both parts');
  const publicKey = { kty: 'OKP', ...purpose, kid: randomBytes(12).toString('base64url'), x } as const;
  return { publicKey, privateKey: { ...publicKey, d } };
}

function parse(content: string): LocalKeys | undefined {
  try {
    const parsed: unknown = JSON.parse(content);
    const isPair = (value: unknown) => isRecord(value) && isKey(value['publicKey']) && isKey(value['privateKey']) && typeof value['privateKey']['d'] === 'string';
    // The checks above this cast are those that matter: the rest was written by this file.
    if (isRecord(parsed) && isPair(parsed['sealing']) && isPair(parsed['signing'])) return parsed as unknown as LocalKeys;
  } catch {
    // Damaged: told by the caller, who knows the file.
  }
  return undefined;
}

function isKey(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value['kty'] === 'OKP' && typeof value['kid'] === 'string' && typeof value['x'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
