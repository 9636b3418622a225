import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from 'react-router';
import { api } from '../api/client.ts';
import { currentUserKey, useCurrentUser } from '../api/current-user.ts';
import { Failure } from '../page/failure.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Waiting } from '../page/waiting.tsx';
import { texts } from '../texts.ts';

export default function HomePage() {
  const { data: user, error, isPending, refetch } = useCurrentUser();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      queries.setQueryData(currentUserKey, null);
      await navigate('/signin');
    },
  });
  if (isPending) return <Waiting />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!user) return <Navigate to="/signin" replace />;
  return (
    <Stack gap="md">
      <div>
        <PageTitle>{texts.home.greeting(user.displayName)}</PageTitle>
        <Text className="lead">{texts.home.lead}</Text>
      </div>
      <dl className="facts">
        <dt>{texts.home.username}</dt>
        <dd>{user.username}</dd>
        <dt>{texts.home.email}</dt>
        <dd>{user.email ?? texts.home.noEmail}</dd>
      </dl>
      {signOut.isError && <Failure error={signOut.error} />}
      <Button variant="default" size="md" loading={signOut.isPending} onClick={() => signOut.mutate()} fullWidth>
        {texts.home.signOut}
      </Button>
    </Stack>
  );
}
