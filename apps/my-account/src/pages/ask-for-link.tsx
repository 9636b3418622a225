import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { api } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { texts } from '../texts.ts';

/** The form that asks for a link: the same answer for everyone, so nobody learns who has an account. */
export function AskForLink({ submitText, onSent }: { readonly submitText: string; readonly onSent: (username: string) => void }) {
  const [username, setUsername] = useState('');
  const request = useMutation({ mutationFn: api.requestLink, onSuccess: () => onSent(username) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    request.mutate(username);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {request.isError && <Failure error={request.error} />}
        <TextInput label={texts.forgot.username} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required withAsterisk={false} value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
        <Button type="submit" loading={request.isPending} fullWidth size="md">
          {submitText}
        </Button>
      </Stack>
    </form>
  );
}
