import { useTranslation } from 'react-i18next';
import type { PasswordPolicy } from '../api/client.ts';
import { containsName, hasOneOf, listOf } from './policy-ticks.ts';

interface Rule {
  readonly words: string;
  /** null: only the server can tell. */
  readonly met: boolean | null;
}

interface PasswordRulesProps {
  readonly policy: PasswordPolicy;
  readonly password: string;
  readonly username: string;
}

/** What the policy asks for beside the length, ticked off while somebody types. */
export function PasswordRules({ policy, password, username }: PasswordRulesProps) {
  const { t } = useTranslation('new-password');
  const rules: readonly Rule[] = [
    ...policy.requirements.map(({ kind, characters }) => ({ words: kind === 'special' ? t('rules.special', { characters: listOf(characters) }) : t(`rules.${kind}`), met: hasOneOf(characters, password) })),
    ...(policy.notUsername ? [{ words: t('rules.notUsername'), met: password !== '' && !containsName(password, username) }] : []),
    ...(policy.patternMessage === null ? [] : [{ words: policy.patternMessage || t('rules.pattern'), met: null }]),
    ...(policy.notKnown ? [{ words: t('rules.notKnown'), met: null }] : []),
    ...(policy.history > 0 ? [{ words: t('rules.history', { count: policy.history }), met: null }] : []),
  ];
  if (rules.length === 0) return null;
  return (
    <ul className="rules" aria-label={t('rules.title')}>
      {rules.map(({ words, met }) => (
        <li key={words} data-met={met === true || undefined}>
          {words}
          {met === true && <span className="visually-hidden"> ({t('rules.met')})</span>}
        </li>
      ))}
    </ul>
  );
}
