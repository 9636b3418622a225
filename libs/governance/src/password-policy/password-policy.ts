import type { PolicyReason, Refusal, Verdict } from '../chain/user-operation.ts';
import { proceed } from '../chain/user-operation.ts';

/** `[identity_mgt.password_policy]`; lengths in Unicode code points. */
export interface PasswordPolicySettings {
  readonly enable: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly pattern: string | null;
}

/** The one rule for passwords, wherever one is set. NIST SP 800-63B-4: length, not composition. */
export class PasswordPolicy {
  private readonly pattern: RegExp | null;

  constructor(private readonly settings: PasswordPolicySettings) {
    this.pattern = settings.pattern === null ? null : new RegExp(`^(?:${settings.pattern})$`, 'u');
  }

  /** Every broken rule at once, so that a person need not guess twice. */
  reasonsAgainst(password: string, username: string): readonly PolicyReason[] {
    const { enable, minLength, maxLength } = this.settings;
    if (!enable) return [];
    // A code unit is at least half a code point: what is far too long is not even normalized.
    const tooLong = { code: 'too-long', message: `Use at most ${maxLength} characters.` };
    if (password.length > maxLength * 4) return [tooLong];
    const normal = password.normalize('NFC');
    const length = [...normal].length;
    if (length > maxLength) return [tooLong];
    return [
      ...(length < minLength ? [{ code: 'too-short', message: `Use at least ${minLength} characters.` }] : []),
      ...(username.length >= 4 && normal.toLowerCase().includes(username.toLowerCase()) ? [{ code: 'contains-username', message: 'Do not use your username in the password.' }] : []),
      ...(this.pattern && !this.pattern.test(normal) ? [{ code: 'pattern', message: 'The password does not have the form that this organisation asks for.' }] : []),
    ];
  }

  verdictOn(password: string, username: string): Verdict {
    const reasons = this.reasonsAgainst(password, username);
    return reasons.length === 0 ? proceed : passwordRefusal(reasons);
  }
}

function passwordRefusal(reasons: readonly PolicyReason[]): Refusal {
  return { kind: 'refuse', code: '20035', message: reasons.map(({ message }) => message).join(' '), reasons };
}
