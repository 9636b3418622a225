import { hash } from 'node:crypto';

/** Crockford's base 32: no letter that is taken for a digit, and no U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 10;

/**
 * What a person reads to the help desk, such as `7K3M9-QPA2X`: it leads to one mail's delivery and tells nothing else. Of a million mails, two have
 * the same with a chance of one in two thousand.
 */
export function referenceOf(eventId: string): string {
  const digest = hash('sha256', eventId.toLowerCase(), 'buffer');
  const symbols = Array.from(digest.subarray(0, length), (byte) => digits.charAt(byte % digits.length)).join('');
  return `${symbols.slice(0, length / 2)}-${symbols.slice(length / 2)}`;
}
