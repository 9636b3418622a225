import { ActionIcon, TextInput } from '@mantine/core';
import { useState, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

interface PasswordFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly name: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly description?: string;
  readonly value: string;
  readonly error: ReactNode;
  readonly onChange: (value: string) => void;
}

/** A password that can be shown. Mantine's own listens to the mouse and the keys alone, so that a screen reader's press did nothing. */
export function PasswordField({ ref, label, name, autoComplete, description, value, error, onChange }: PasswordFieldProps) {
  const { t, i18n: { language } } = useTranslation('entry');
  const [shown, setShown] = useState(false);
  const show = (
    <ActionIcon variant="subtle" color="gray" size="lg" type="button" aria-label={t('showPassword', { label: withinSentence(label, language) })} aria-pressed={shown} onClick={() => setShown(!shown)}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="eye">
        <path d="M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5-9.5-6.5-9.5-6.5Z" />
        <circle cx="12" cy="12" r="2.75" />
        {shown && <path d="M4 4l16 16" />}
      </svg>
    </ActionIcon>
  );
  return (
    <TextInput
      ref={ref}
      type={shown ? 'text' : 'password'}
      size="md"
      label={label}
      name={name}
      autoComplete={autoComplete}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      aria-required
      description={description}
      value={value}
      error={error}
      errorProps={{ role: 'alert' }}
      rightSection={show}
      rightSectionWidth={46}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** German keeps the capitals of its nouns. */
function withinSentence(label: string, language: string): string {
  return language.startsWith('de') ? label : label.toLocaleLowerCase(language);
}
