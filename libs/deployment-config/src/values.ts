import { createPrivateKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';

/** What of a value an error may show; of a secret its kind alone. */
export type Shown = 'value' | 'kind';

/**
 * A value of the file. Numbers and booleans may stand in quotes, as in real WSO2 files.
 * @param parse returns undefined where the value does not fit
 * @param expected what would fit; the issue's message
 */
function value<T>(expected: string, parse: (raw: unknown) => T | undefined, shown: Shown = 'value') {
  return z.unknown().transform((raw, context) => {
    const parsed = parse(raw);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: expected, params: { shown } });
    return z.NEVER;
  });
}

const notEmpty = (raw: unknown) => (typeof raw === 'string' && raw !== '' ? raw : undefined);
const matching = (expression: RegExp) => (raw: unknown) => (typeof raw === 'string' && expression.test(raw) ? raw : undefined);

export const text = (expected = 'a text') => value(expected, notEmpty);

const secrets = new WeakSet<z.core.$ZodType>();

function secret<T extends z.ZodType>(schema: T): T {
  secrets.add(schema);
  return schema;
}

/** Whether values of this schema are told to nobody. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.has(schema);
}

export const secretText = secret(value('a text', notEmpty, 'kind'));

export const toggle = value('true or false', (raw) => (raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : undefined));

/** For what WSO2 can be told to do and Rekey never does: a file that relies on it must not seem to work. */
export const neverOn = (reason: string) => value(`false: ${reason}`, (raw) => (raw === false || raw === 'false' ? false : undefined));

export const whole = (min: number, max: number) =>
  value(`a whole number from ${min} to ${max}`, (raw) => {
    const number = typeof raw === 'string' && /^\d{1,10}$/.test(raw) ? Number(raw) : raw;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  });

export const ratio = (min: number, max: number) =>
  value(`a number from ${min} to ${max}`, (raw) => {
    const number = typeof raw === 'string' && /^\d{1,6}(\.\d{1,6})?$/.test(raw) ? Number(raw) : raw;
    return typeof number === 'number' && number >= min && number <= max ? number : undefined;
  });

/** A property for somebody else's code: numbers and booleans become texts. */
export const scalarText = value('a text, a number or true or false', (raw) => (['string', 'number', 'boolean'].includes(typeof raw) ? String(raw) : undefined), 'kind');

/** Never a great part of the internet, in one range or in two: whoever asks from there could name any address as theirs. */
export const addressRange = value('an IP address or a CIDR range such as "10.0.0.0/8", of at least 8 bits (IPv6: 16)', (raw) => (typeof raw === 'string' && isAddressRange(raw) ? raw : undefined));

function isAddressRange(raw: string): boolean {
  const [address = '', bits, ...more] = raw.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= fewestBits(address) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
}

/** IPv4 addresses are IPv6 ones too, behind 96 bits (RFC 4291 section 2.5.5.2): a range that begins with zeros may hold them all. */
function fewestBits(address: string): number {
  if (isIP(address) === 4) return 8;
  return /^\[(?:::|0:)/.test(new URL(`http://[${address}]`).hostname) ? 96 + 8 : 16;
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * `"1d"`, `"60m"`, `"90s"`, or a plain number of `plainUnit`.
 * @param stepSeconds what it has to be a multiple of
 * @returns seconds
 */
export const duration = (minSeconds: number, maxSeconds: number, plainUnit: 's' | 'm', expected: string, stepSeconds = 1) =>
  value(expected, (raw) => {
    const match = typeof raw === 'string' || typeof raw === 'number' ? /^(\d{1,9})\s*([smhd]?)$/.exec(String(raw)) : null;
    const seconds = match && Number(match[1]) * (secondsPer[match[2] || plainUnit] ?? Number.NaN);
    return seconds !== null && seconds >= minSeconds && seconds <= maxSeconds && seconds % stepSeconds === 0 ? seconds : undefined;
  });

export const pattern = value('a regular expression', (raw) => (typeof raw === 'string' && isPattern(raw) ? raw : undefined));

export function isPattern(source: string): boolean {
  try {
    // By itself too: `a)|(?:b` is a pattern only between our brackets, and would break out of them.
    return source !== '' && [source, `^(?:${source})$`].every((pattern) => new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

export const hostName = value('a host name', matching(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[[0-9A-Fa-f:.]+\]$/));

export const listenAddress = value('an IP address or "localhost"', (raw) => (typeof raw === 'string' && (isIP(raw) !== 0 || raw === 'localhost') ? raw : undefined));

export const broker = value('"host:port"', matching(/^[^\s:/@]+:\d{1,5}$|^\[[0-9A-Fa-f:.]+\]:\d{1,5}$/));

export const locale = value('a locale such as "en_US"', matching(/^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$/));

export const shortName = value('a name of letters, digits, ".", "-" and "_"', matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));

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

export const mailAddress = value('a mail address', matching(/^[^\s@<>,;]+@[^\s@<>,;]+$/));

/** Of a service on the operator's own network, where what is asked is signed: plain http will do. */
export const serviceOrigin = value('an origin such as "http://notification-service:9600"', (raw) => (typeof raw === 'string' && /^https?:\/\/[^\s/?#@\\]+\/?$/.test(raw) && URL.canParse(raw) ? new URL(raw).origin : undefined));

/** What asks for a password there is told in OTEL_EXPORTER_OTLP_HEADERS, not in the address, which logs show. */
export const collectorUrl = value('an http or https URL such as "http://collector:4318", without user, query or fragment', (raw) => {
  if (typeof raw !== 'string' || !/^https?:\/\/[^\s?#@\\]+$/.test(raw) || !URL.canParse(raw)) return undefined;
  const { origin, pathname } = new URL(raw);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
});

/** Links made of a plain http address can be read, and their keys used, by anyone on their way. */
export const expectedPublicUrl = 'an https URL such as "https://id.example.com" (plain http only on loopback), without user, query or fragment';

export const publicUrl = value(expectedPublicUrl, (raw) => (typeof raw === 'string' ? parsePublicUrl(raw) : undefined));

/** @returns the URL in its canonical form without a trailing slash, or undefined where links may not start with it */
export function parsePublicUrl(raw: string): string | undefined {
  if (!URL.canParse(raw) || /[\s\\?#]/.test(raw)) return undefined;
  const { protocol, hostname, origin, pathname, username, password } = new URL(raw);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) return undefined;
  return username || password ? undefined : `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** Its path and query may be what lets one in: told to nobody. */
export const webhookUrl = secret(value('an https URL (plain http only on loopback) without user and fragment', (raw) => (typeof raw === 'string' ? parseWebhookUrl(raw) : undefined), 'kind'));

function parseWebhookUrl(raw: string): string | undefined {
  if (!URL.canParse(raw) || /[\s\\#]/.test(raw)) return undefined;
  const { protocol, hostname, href, username, password } = new URL(raw);
  if (username || password) return undefined;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname)) ? href : undefined;
}

/** A JSON Web Key (RFC 8037) as JSON text. The value itself is never shown: it may be a private key. */
export const jwk = (curve: 'X25519' | 'Ed25519', part: 'public' | 'private') => {
  const key = value(
    `the ${part} part of an ${curve} key as JSON text, a JSON Web Key with "kty": "OKP", "crv": "${curve}", "kid", "x" and ${part === 'private' ? '"d"' : 'no "d"'}`,
    (raw) => (typeof raw === 'string' ? parseJwk(raw, curve, part) : undefined),
    'kind',
  );
  return part === 'private' ? secret(key) : key;
};

function parseJwk(json: string, curve: string, part: 'public' | 'private'): (Readonly<Record<string, unknown>> & { readonly kty: string; readonly kid: string }) | undefined {
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
