import { TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { texts } from '../texts.ts';

interface UsernameFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}

/** The most that the server takes. */
const maxLength = 255;

export function UsernameField({ ref, value, error, onChange }: UsernameFieldProps) {
  return (
    <TextInput ref={ref} size="md" label={texts.username} name="username" autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} aria-required maxLength={maxLength} value={value} error={error} errorProps={{ role: 'alert' }} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
