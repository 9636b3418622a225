import { Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, ApiProblem } from '../api/client.ts';
import { BusyButton } from '../page/busy-button.tsx';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { forgetKey, useOpenedLink } from '../recovery-key.ts';
import { texts } from '../texts.ts';
import { DeadLink } from './dead-link.tsx';
import { confirmationLink } from './mailed-link.ts';

/** Where the mail's link to confirm an account leads. Opening it changes nothing: whatever looks at links for a person must not confirm for them. */
export function ConfirmPage() {
  const { key, number } = useOpenedLink();
  if (key === null) return <DeadLink link={confirmationLink} title={texts.deadLink.missingTitle} lead={texts.deadLink.missingLead} />;
  return <OpenedConfirmation key={number} confirmationKey={key} />;
}

function OpenedConfirmation({ confirmationKey }: { readonly confirmationKey: string }) {
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: () => api.confirmAccount(confirmationKey),
    onSuccess: async ({ username }) => {
      await navigate('/confirm/done', { replace: true, state: { username, done: true } satisfies PassedOn });
      forgetKey();
    },
  });
  if (confirm.error instanceof ApiProblem && confirm.error.status === 400) return <DeadLink link={confirmationLink} title={texts.deadLink.title} lead={texts.confirm.dead} />;
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={texts.confirm.title} lead={texts.confirm.lead} />
      {confirm.isError && <Failure error={confirm.error} />}
      <BusyButton busy={confirm.isPending} onPress={() => confirm.mutate()}>
        {texts.confirm.submit}
      </BusyButton>
    </Stack>
  );
}
