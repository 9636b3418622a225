import { readFileSync } from 'node:fs';

const file = new URL('../../data/breached-passwords.txt', import.meta.url);
let passwords: ReadonlySet<string> | null = null;

/**
 * Whether a password is known from breaches. The whole one is looked up, as NIST SP 800-63B-4 has it: a listed word within a longer
 * password is no fault. The file is read at the first question, not at start: a few milliseconds.
 * @param password in NFC and lower case
 */
export function isBreached(password: string): boolean {
  passwords ??= new Set(readFileSync(file, 'utf8').trimEnd().split('\n'));
  return passwords.has(password);
}
