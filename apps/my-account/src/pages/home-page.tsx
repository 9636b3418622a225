import { Stack } from '@mantine/core';
import { BusyButton, sessionKey, useSession, Waiting, type SignedInUser } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { api } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';

export function HomePage() {
  const { data: user, error, refetch } = useSession();
  // Somebody who is signed in stays so where asking again fails.
  if (user) return <Home user={user} />;
  if (user === null) return <Navigate to="/signin" replace />;
  if (!error) return <Waiting />;
  return (
    <Stack gap="lg">
      <Heading title={texts.part} />
      <Failure error={error} onRetry={() => void refetch()} />
    </Stack>
  );
}

function Home({ user }: { readonly user: SignedInUser }) {
  const queries = useQueryClient();
  const signOut = useMutation({ mutationFn: api.signOut, onSuccess: () => queries.setQueryData(sessionKey, null) });
  return (
    <Stack gap="lg">
      <Heading title={texts.home.greeting(user.displayName)} lead={texts.home.lead} />
      <dl className="facts">
        <div>
          <dt>{texts.username}</dt>
          <dd>{user.username}</dd>
        </div>
        <div>
          <dt>{texts.home.email}</dt>
          <dd>{user.email ?? texts.home.noEmail}</dd>
        </div>
      </dl>
      {signOut.isError && <Failure error={signOut.error} />}
      <BusyButton wide variant="default" busy={signOut.isPending} onPress={() => signOut.mutate()}>
        {texts.home.signOut}
      </BusyButton>
    </Stack>
  );
}
