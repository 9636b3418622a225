import type { ApiProblem } from '@rekey/web';
import type { TFunction } from 'i18next';
import type { PasswordPolicy } from '../api/client.ts';
import type { FieldErrors } from '../page/use-fields.ts';

/** What can be said without asking the server; it has the last word. */
export function errorsOf({ current, password, repeated }: { readonly current: string | null; readonly password: string; readonly repeated: string }, policy: PasswordPolicy, t: TFunction<'new-password'>): FieldErrors<'current' | 'password' | 'repeated'> {
  const length = codePoints(password);
  if (current === '') return { current: t('reset.emptyCurrent') };
  if (length === 0) return { password: [t('reset.empty')] };
  if (length < policy.minLength) return { password: [t('reset.tooShort', { count: policy.minLength })] };
  if (length > policy.maxLength) return { password: [t('reset.tooLong', { count: policy.maxLength })] };
  if (repeated === '') return { repeated: t('reset.emptyRepeat') };
  return repeated === password ? {} : { repeated: t('reset.differ') };
}

export function lengthText(password: string, policy: PasswordPolicy, t: TFunction<'new-password'>): string {
  const length = codePoints(password);
  if (length === 0) return '';
  if (length < policy.minLength) return t('reset.missing', { count: policy.minLength - length });
  return length > policy.maxLength ? t('reset.tooLong', { count: policy.maxLength }) : t('reset.longEnough');
}

export function isLongEnough(password: string, policy: PasswordPolicy): boolean {
  const length = codePoints(password);
  return length >= policy.minLength && length <= policy.maxLength;
}

/** As the server counts: an emoji is one character. */
function codePoints(password: string): number {
  return [...password.normalize('NFC')].length;
}

const toldReasons = ['too-short', 'too-long', 'contains-username', 'contains-context-word', 'breached', 'predictable', 'pattern', 'used-before', 'unusable'] as const;

/** Every rule that the password breaks, in the reader's language; what only the organisation has words for, in those. */
export function reasonsOf({ body }: ApiProblem, { patternMessage }: PasswordPolicy, t: TFunction<'new-password'>): readonly string[] {
  const reasons = (body['reasons'] ?? []) as readonly { code: string; message: string }[]; // as the document says of this refusal
  return reasons.map((reason) => {
    const code = toldReasons.find((known) => known === reason.code);
    if (code === 'pattern' && patternMessage) return patternMessage;
    return code ? t(`reasons.${code}`) : reason.message;
  });
}
