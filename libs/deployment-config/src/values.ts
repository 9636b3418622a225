import { z } from 'zod';

/** A value of the file: `parse` returns undefined where it does not fit, and `expected` says what would. Numbers and booleans may stand in quotes, as in real WSO2 files. */
function value<T>(expected: string, parse: (raw: unknown) => T | undefined) {
  return z.unknown().transform((raw, context) => {
    const parsed = parse(raw);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `expected ${expected}, got ${shown(raw)}` });
    return z.NEVER;
  });
}

export const text = (expected = 'a text') => value(expected, (raw) => (typeof raw === 'string' && raw !== '' ? raw : undefined));

export const toggle = value('true or false', (raw) => (raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : undefined));

export const whole = (min: number, max: number) =>
  value(`a whole number from ${min} to ${max}`, (raw) => {
    const number = typeof raw === 'string' && /^\d{1,10}$/.test(raw) ? Number(raw) : raw;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  });

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `"1d"`, `"60m"`, `"90s"`, or a plain number of `plainUnit`. @returns seconds */
export const duration = (minSeconds: number, maxSeconds: number, plainUnit: 's' | 'm', expected: string) =>
  value(expected, (raw) => {
    const match = /^(\d{1,9})\s*([smhd]?)$/.exec(String(raw));
    const seconds = match && Number(match[1]) * (secondsPer[match[2] || plainUnit] ?? Number.NaN);
    return seconds !== null && seconds >= minSeconds && seconds <= maxSeconds ? seconds : undefined;
  });

export const pattern = value('a regular expression', (raw) => {
  if (typeof raw !== 'string') return undefined;
  try {
    new RegExp(`^(?:${raw})$`, 'u');
    return raw;
  } catch {
    return undefined;
  }
});

/** A JSON Web Key as JSON text. The value itself is never shown: it may be a private key. */
export const jwk = z.unknown().transform((raw, context) => {
  const parsed = typeof raw === 'string' ? parseJwk(raw) : undefined;
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a JSON Web Key as JSON text, with "kty" and "kid"' });
  return z.NEVER;
});

function parseJwk(json: string): { readonly kty: string; readonly kid: string } & Readonly<Record<string, unknown>> | undefined {
  try {
    const key: unknown = JSON.parse(json);
    if (typeof key !== 'object' || key === null || !('kty' in key) || !('kid' in key)) return undefined;
    return typeof key.kty === 'string' && typeof key.kid === 'string' ? { ...key, kty: key.kty, kid: key.kid } : undefined;
  } catch {
    return undefined;
  }
}

function shown(raw: unknown): string {
  return raw === undefined ? 'nothing' : JSON.stringify(raw).slice(0, 60);
}
