import { TextInput } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useWays } from '../api/use-ways.ts';

interface CodeFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly description: string;
  readonly value: string;
  readonly error: ReactNode;
  readonly onChange: (value: string) => void;
}

/** A code of a mail, typed or pasted. */
export function CodeField({ ref, description, value, error, onChange }: CodeFieldProps) {
  const { t } = useTranslation('recovery');
  const looks = useWays().data?.code;
  return (
    <TextInput
      ref={ref}
      size="md"
      label={t('code.label')}
      description={description}
      name="code"
      className="code"
      autoComplete="one-time-code"
      inputMode={looks?.isNumeric ? 'numeric' : 'text'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      aria-required
      maxLength={64}
      value={value}
      error={error}
      errorProps={{ role: 'alert' }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
