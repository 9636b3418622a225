import { matchesInTime, type PasswordPolicySettings as ConfiguredPolicy } from '@rekey/deployment-config';
import type { UserName } from '@rekey/identity';
import { proceed, type PolicyReason, type Verdict } from '../chain/user-operation.ts';
import { refuse } from '../refusals.ts';
import { isBreached } from './breached-passwords.ts';
import { isPredictable } from './predictable.ts';

/** `[identity_mgt.password_policy]`, as the tenant has it. */
export interface PasswordPolicySettings extends ConfiguredPolicy {
  /** What a person is told whose password does not match the pattern. */
  readonly patternMessage: string;
}

/** Whose password it is to be. */
export type PasswordOwner = Pick<UserName, 'username' | 'tenantDomain'>;

/** Shorter words stand in too many passwords by chance. */
const minWordLength = 4;

/** What every installation has: it is nobody's name. */
const namelessTenant = 'carbon.super';

/** In UTF-16 code units: no policy allows so long a one. */
export const maxPasswordUnits = 4_096;

/** What can be a password at all, whichever policy is on or off: something, and not so long that hashing it takes resources. */
export function isPassword(text: string): boolean {
  return text !== '' && text.length <= maxPasswordUnits;
}

/** Each tenant has its own. */
export type PolicyOf = (tenantDomain: string) => Promise<PasswordPolicy>;

/** The one rule for passwords, wherever one is set. NIST SP 800-63B-4: length, a list of known ones, and no composition. */
export class PasswordPolicy {
  private readonly pattern: RegExp | null;

  constructor(private readonly settings: PasswordPolicySettings) {
    this.pattern = settings.pattern === null ? null : new RegExp(`^(?:${settings.pattern})$`, 'u');
  }

  /** Every broken rule at once, so that a person need not guess twice; of a password that is too long only that, and no pattern sees it. */
  reasonsAgainst(password: string, owner: PasswordOwner): readonly PolicyReason[] {
    const { enable, minLength, maxLength, patternMessage, breachedList, contextWords } = this.settings;
    if (!enable) return [];
    const tooLong = { code: 'too-long', message: `Use at most ${maxLength} characters.` };
    // NFC makes one code point of at most four code units: what is longer is not even normalized.
    if (password.length > maxLength * 4) return [tooLong];
    const normal = password.normalize('NFC');
    const length = [...normal].length;
    if (length > maxLength) return [tooLong];
    const text = normal.toLowerCase();
    return [
      ...(length < minLength ? [{ code: 'too-short', message: `Use at least ${minLength} characters.` }] : []),
      ...(containsOneOf(namesOfUser(owner), text) ? [{ code: 'contains-username', message: 'Do not use your username in the password.' }] : []),
      ...(containsOneOf(['rekey', ...namesOfTenant(owner), ...contextWords], text) ? [{ code: 'contains-context-word', message: 'Do not use the name of this service or of your organisation in the password.' }] : []),
      ...(breachedList && isBreached(text) ? [{ code: 'breached', message: 'This password is known from breaches: whoever guesses passwords tries it first.' }] : []),
      ...(breachedList && isPredictable(text) ? [{ code: 'predictable', message: 'Do not make a password of repeated or successive characters.' }] : []),
      ...(this.pattern && !matchesInTime(this.pattern, normal) ? [{ code: 'pattern', message: patternMessage }] : []),
    ];
  }

  verdictOn(password: string, owner: PasswordOwner): Verdict {
    const reasons = this.reasonsAgainst(password, owner);
    return reasons.length === 0 ? proceed : refuse('20035', reasons);
  }
}

export async function verdictOn(policyOf: PolicyOf, password: string, owner: PasswordOwner): Promise<Verdict> {
  return (await policyOf(owner.tenantDomain)).verdictOn(password, owner);
}

/** The username, and what stands before its `@`. */
function namesOfUser({ username }: PasswordOwner): readonly string[] {
  return [username, username.split('@')[0] ?? username];
}

/** `acme.example`, and `acme`. */
function namesOfTenant({ tenantDomain }: PasswordOwner): readonly string[] {
  return tenantDomain === namelessTenant ? [] : [tenantDomain, tenantDomain.split('.')[0] ?? tenantDomain];
}

/** In whatever case; a short word counts only as the whole password. */
function containsOneOf(words: readonly string[], text: string): boolean {
  return words.map((word) => word.normalize('NFC').toLowerCase()).some((word) => word !== '' && (text === word || ([...word].length >= minWordLength && text.includes(word))));
}
