import { Stack } from '@mantine/core';
import { ApiProblem, Waiting } from '@rekey/web';
import { useQuery } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { useWays } from '../api/use-ways.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { useOpenedLink } from './recovery-key.ts';
import type { DeadLinkProps } from './dead-link.tsx';
import { passwordWays } from './mailed-link.ts';
import { NewPassword, type AskToSet } from './new-password.tsx';

/** Most links live. */
const DeadLink = lazy(async () => ({ default: (await import('./dead-link.tsx')).DeadLink }));

/** Where the mail's link leads. Opening it only asks whether the key is live. */
export function ResetPage() {
  const { key, number } = useOpenedLink();
  // In time for a link that turns out to be dead.
  useWays();
  if (key === null) return <DeadPasswordLink isCutOff />;
  return <OpenedLinkPage key={number} recoveryKey={key} linkNumber={number} />;
}

/** Another one is asked for by the way that the tenant has, if any. */
function DeadPasswordLink(props: Pick<DeadLinkProps, 'isCutOff' | 'known'>) {
  const { isPending, data } = useWays();
  if (isPending) return <Waiting />;
  const [way] = data?.password ?? ['link'];
  return <DeadLink link={way ? passwordWays[way] : null} {...props} />;
}

function OpenedLinkPage({ recoveryKey, linkNumber }: { readonly recoveryKey: string; readonly linkNumber: number }) {
  const { t } = useTranslation('new-password');
  const [died, setDied] = useState(false);
  const check = useQuery({
    queryKey: ['recovery-key', linkNumber],
    queryFn: () => api.checkKey(recoveryKey),
    retry: (failures, error) => !isDead(error) && failures < 1,
    staleTime: Infinity,
    gcTime: 0,
  });
  const ask: AskToSet = async ({ password }) => api.setPassword({ key: recoveryKey, password });
  // What is known of a key that died just now makes asking again one click.
  if (died || isDead(check.error)) return <DeadPasswordLink known={check.data?.username} />;
  const words = check.data?.isFirst ? 'first' : 'reset';
  // One heading throughout: a second one would take the focus again, from whoever has begun to type.
  return (
    <Stack gap="lg">
      <Heading title={t(`${words}.title`)} lead={t(`${words}.lead`)} />
      {check.data && <NewPassword ask={ask} username={check.data.username} policy={check.data.passwordPolicy} onDead={() => setDied(true)} />}
      {check.isError && <Failure error={check.error} onRetry={() => void check.refetch()} />}
      {check.isPending && <Waiting>{t('reset.checking')}</Waiting>}
    </Stack>
  );
}

function isDead(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 400;
}
