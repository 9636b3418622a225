import type { Claims } from '@rekey/identity';
import { proceed, type Verdict } from '../chain/user-operation.ts';
import { isThenable } from '../chain/verdict.ts';

const ownCode = /^[A-Z0-9-]{1,32}$/;
const longestMessage = 500;
/** As at the HTTP doors. */
const longest = { uri: 255, value: 2_048 };
const mostClaims = 100;

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
  const entries: [string, unknown][] = Object.entries(answer);
  if (entries.length > mostClaims) throw expected(`at most ${mostClaims} claims`);
  return Object.fromEntries(entries.map(([uri, value]) => [claimText('the name of a claim', uri, longest.uri), claimText(`the claim ${uri}`, value, longest.value)]));
}

/** What the database takes as text. */
function claimText(what: string, value: unknown, longestText: number): string {
  if (typeof value !== 'string' || value.length > longestText || /\0|\p{Surrogate}/u.test(value)) throw expected(`${what} to be text of at most ${longestText} characters, without NUL and halves of characters`);
  return value;
}

function expected(what: string): Error {
  return new Error(`the answer is no verdict: expected ${what}`);
}
