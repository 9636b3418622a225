import { z } from 'zod';
import { matching, secret, value } from './value.ts';

const notEmpty = (raw: unknown) => (typeof raw === 'string' && raw !== '' ? raw : undefined);

export const text = (expected = 'a text') => value(expected, notEmpty);

export const secretText = secret(value('a text', notEmpty, 'kind'));

/** One of these words. */
export const choice = <const Word extends string>(words: readonly [Word, ...Word[]]) => z.enum(words, { error: inWords(words) });

/** `"a", "b" or "c"` */
function inWords(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ').replace(/, (?="[^"]*"$)/, ' or ');
}

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

export const mailsPerSecond = ratio(0.01, 10_000);

/** A property for somebody else's code: numbers and booleans become texts. */
export const scalarText = value('a text, a number or true or false', (raw) => (['string', 'number', 'boolean'].includes(typeof raw) ? String(raw) : undefined), 'kind');

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

/** No link or code that comes by mail works longer. */
export const longestMailedSeconds = 24 * 3_600;
/** How long a link or code works that comes by mail. */
export const mailedValidity = duration(60, longestMailedSeconds, 'm', 'a duration in whole minutes from "1m" to "24h": a link that works longer is a risk', 60);

export const pattern = value('a regular expression', (raw) => (typeof raw === 'string' && isPattern(raw) ? raw : undefined));

export function isPattern(source: string): boolean {
  try {
    // By itself too: `a)|(?:b` is a pattern only between our brackets, and would break out of them.
    return source !== '' && [source, `^(?:${source})$`].every((pattern) => new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

export const locale = value('a locale such as "en_US"', matching(/^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$/));

export const shortName = value('a name of letters, digits, ".", "-" and "_"', matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
