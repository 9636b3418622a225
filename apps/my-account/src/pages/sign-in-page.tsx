import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, ApiProblem } from '../api/client.ts';
import { currentUserKey } from '../api/current-user.ts';
import { Failure } from '../page/failure.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';

export function SignInPage() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: api.signIn,
    onSuccess: async (user) => {
      queries.setQueryData(currentUserKey, user);
      await navigate('/');
    },
    onError: () => setPassword(''),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate({ username, password });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div>
          <PageTitle>{texts.signIn.title}</PageTitle>
          <Text className="lead">{texts.signIn.lead}</Text>
        </div>
        {signIn.isError && (isWrong(signIn.error) ? <Alert color="red" role="alert" variant="light">{texts.signIn.wrong}</Alert> : <Failure error={signIn.error} />)}
        <TextInput label={texts.signIn.username} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required withAsterisk={false} value={username} onChange={(event) => setUsername(event.currentTarget.value)} />
        <PasswordInput label={texts.signIn.password} name="password" autoComplete="current-password" required withAsterisk={false} visibilityToggleButtonProps={{ 'aria-label': texts.show, tabIndex: 0 }} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Button type="submit" loading={signIn.isPending} fullWidth size="md">
          {texts.signIn.submit}
        </Button>
        <Anchor component={Link} to="/forgot" className="below">
          {texts.signIn.forgot}
        </Anchor>
      </Stack>
    </form>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
