import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Waiting } from '../page/waiting.tsx';
import { texts } from '../texts.ts';
import { DeadLink } from './dead-link.tsx';
import { NewPassword } from './new-password.tsx';

/** Where the mail's link leads. Opening it only asks whether the key is live. */
export default function ResetPage({ recoveryKey }: { readonly recoveryKey: string | null }) {
  const [died, setDied] = useState(false);
  const check = useQuery({
    queryKey: ['recovery-key'],
    queryFn: () => api.checkKey(recoveryKey ?? ''),
    enabled: recoveryKey !== null,
    retry: (failures, error) => !(error instanceof ApiProblem && error.status === 400) && failures < 2,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (recoveryKey === null) return <DeadLink title={texts.deadLink.missingTitle} lead={texts.deadLink.missingLead} />;
  if (died || isDead(check.error)) return <DeadLink title={texts.deadLink.title} lead={texts.deadLink.lead} />;
  if (check.data) return <NewPassword recoveryKey={recoveryKey} policy={check.data.passwordPolicy} onDeadKey={() => setDied(true)} />;
  return (
    <>
      <PageTitle>{texts.reset.title}</PageTitle>
      {check.isError ? <Failure error={check.error} onRetry={() => void check.refetch()} /> : <Waiting>{texts.reset.checking}</Waiting>}
    </>
  );
}

function isDead(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 400;
}
