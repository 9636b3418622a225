import { createContext, Script } from 'node:vm';

/** Far beyond what any pattern that is meant well takes for a text as short as a password or an address. */
const longestMs = 200;

const given: { pattern: RegExp; text: string } = { pattern: /^/, text: '' };
const context = createContext(given);
const match = new Script('pattern.test(text)');

/**
 * Whether an operator's pattern matches what a stranger sent. Some patterns, such as `(a+)+`, take years to find that they do not, and no
 * one else is answered meanwhile: then the answer is no.
 */
export function matchesInTime(pattern: RegExp, text: string): boolean {
  Object.assign(given, { pattern, text });
  try {
    return match.runInContext(context, { timeout: longestMs }) === true;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    // It may be a password.
    given.text = '';
  }
}
