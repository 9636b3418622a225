import { Stack } from '@mantine/core';
import { ApiProblem, Waiting } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { useOpenedLink } from '../recovery-key.ts';
import { texts } from '../texts.ts';
import { DeadLink } from './dead-link.tsx';
import { passwordLink } from './mailed-link.ts';
import { NewPassword } from './new-password.tsx';

/** Where the mail's link leads. Opening it only asks whether the key is live. */
export function ResetPage() {
  const { key, number } = useOpenedLink();
  if (key === null) return <DeadLink link={passwordLink} title={texts.deadLink.missingTitle} lead={texts.deadLink.missingLead} />;
  return <OpenedLinkPage key={number} recoveryKey={key} linkNumber={number} />;
}

function OpenedLinkPage({ recoveryKey, linkNumber }: { readonly recoveryKey: string; readonly linkNumber: number }) {
  const [died, setDied] = useState(false);
  const check = useQuery({
    queryKey: ['recovery-key', linkNumber],
    queryFn: () => api.checkKey(recoveryKey),
    retry: (failures, error) => !isDead(error) && failures < 1,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (died || isDead(check.error)) return <DeadLink link={passwordLink} title={texts.deadLink.title} lead={texts.deadLink.lead} />;
  // One heading throughout: a second one would take the focus again, from whoever has begun to type.
  return (
    <Stack gap="lg">
      <Heading title={texts.reset.title} lead={texts.reset.lead} />
      {check.data && <NewPassword recoveryKey={recoveryKey} policy={check.data.passwordPolicy} onDeadKey={() => setDied(true)} />}
      {check.isError && <Failure error={check.error} onRetry={() => void check.refetch()} />}
      {check.isPending && <Waiting>{texts.reset.checking}</Waiting>}
    </Stack>
  );
}

function isDead(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 400;
}
