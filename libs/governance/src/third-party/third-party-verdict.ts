import type { Claims } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';
import { isThenable } from '../chain/verdict.ts';

const ownCode = /^[A-Z0-9-]{1,32}$/;
const longestMessage = 500;

/**
 * A copy of what a third party answered, or promises to, checked: nothing of its object gets any further.
 * @param mayChangeClaims whether claims may be part of it
 * @throws Error saying what was expected
 */
export function checkedVerdict(answer: unknown, mayChangeClaims: boolean): Verdict | Promise<Verdict> {
  // Not by its own `then`: that could answer what nobody has checked.
  return isThenable(answer) ? (async () => asThirdPartyVerdict(await answer, mayChangeClaims))() : asThirdPartyVerdict(answer, mayChangeClaims);
}

function asThirdPartyVerdict(answer: unknown, mayChangeClaims: boolean): Verdict {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) throw expected('{ kind: "continue" } or { kind: "refuse", code, message }');
  if (answer.kind === 'continue') {
    if (!('claims' in answer) || answer.claims === undefined) return proceed;
    if (!mayChangeClaims) throw expected('no claims: only a pre hook of addUser or setClaims changes them');
    return { kind: 'continue', claims: asClaims(answer.claims) };
  }
  if (answer.kind !== 'refuse') throw expected('the kind "continue" or "refuse"');
  const code = 'code' in answer ? answer.code : null;
  const message = 'message' in answer ? answer.message : null;
  if (typeof code !== 'string' || !ownCode.test(code)) throw expected('a code of capital letters, digits and dashes, 32 at most');
  if (typeof message !== 'string' || message === '' || message.length > longestMessage) throw expected(`a message of 1 to ${longestMessage} characters`);
  return { kind: 'refuse', code, message };
}

function asClaims(answer: unknown): Claims {
  if (typeof answer !== 'object' || answer === null) throw expected('claims to be an object');
  const entries = Object.entries(answer).map(([uri, value]: [string, unknown]): [string, string] => {
    if (typeof value !== 'string' || value.includes('\0')) throw expected(`the claim ${uri} to be text without NUL`);
    return [uri, value];
  });
  return Object.fromEntries(entries);
}

function expected(what: string): Error {
  return new Error(`the answer is no verdict: expected ${what}`);
}
