import { TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';

interface UsernameFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}

/** The most that the server takes. */
const maxLength = 255;

export function UsernameField({ ref, value, error, onChange }: UsernameFieldProps) {
  const { t } = useTranslation('entry');
  return (
    <TextInput ref={ref} size="md" label={t('usernameLabel')} name="username" autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} aria-required maxLength={maxLength} value={value} error={error} errorProps={{ role: 'alert' }} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
