import { proceed, type PolicyReason, type Verdict } from '../chain/user-operation.ts';
import { refuse } from '../refusals.ts';

/** `[identity_mgt.password_policy]`; lengths in Unicode code points. */
export interface PasswordPolicySettings {
  readonly enable: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string | null;
}

/** Shorter parts of a name stand in too many passwords by chance. */
const minNameLength = 4;

/** In UTF-16 code units: no policy allows so long a one. */
export const maxPasswordUnits = 4_096;

/** What can be a password at all, whichever policy is on or off: something, and not so long that hashing it takes resources. */
export function isPassword(text: string): boolean {
  return text !== '' && text.length <= maxPasswordUnits;
}

/** The one rule for passwords, wherever one is set. NIST SP 800-63B-4: length, not composition. */
export class PasswordPolicy {
  private readonly pattern: RegExp | null;

  constructor(private readonly settings: PasswordPolicySettings) {
    this.pattern = settings.pattern === null ? null : new RegExp(`^(?:${settings.pattern})$`, 'u');
  }

  /** Every broken rule at once, so that a person need not guess twice; of a password that is too long only that, and no pattern sees it. */
  reasonsAgainst(password: string, username: string): readonly PolicyReason[] {
    const { enable, minLength, maxLength } = this.settings;
    if (!enable) return [];
    const tooLong = { code: 'too-long', message: `Use at most ${maxLength} characters.` };
    // NFC makes one code point of at most four code units: what is longer is not even normalized.
    if (password.length > maxLength * 4) return [tooLong];
    const normal = password.normalize('NFC');
    const length = [...normal].length;
    if (length > maxLength) return [tooLong];
    return [
      ...(length < minLength ? [{ code: 'too-short', message: `Use at least ${minLength} characters.` }] : []),
      ...(containsName(normal, username) ? [{ code: 'contains-username', message: 'Do not use your username in the password.' }] : []),
      ...(this.pattern && !this.pattern.test(normal) ? [{ code: 'pattern', message: 'The password does not have the form that this organisation asks for.' }] : []),
    ];
  }

  verdictOn(password: string, username: string): Verdict {
    const reasons = this.reasonsAgainst(password, username);
    return reasons.length === 0 ? proceed : refuse('20035', reasons);
  }
}

/** The username, or what stands before its `@`; a short one only as the whole password. */
function containsName(password: string, username: string): boolean {
  const [text, name] = [password.toLowerCase(), username.normalize('NFC').toLowerCase()];
  const [local = name] = name.split('@');
  return [name, local].some((part) => part !== '' && (text === part || ([...part].length >= minNameLength && text.includes(part))));
}
