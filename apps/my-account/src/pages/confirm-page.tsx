import { Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, ApiProblem } from '../api/client.ts';
import { BusyButton } from '../page/busy-button.tsx';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { useOpenedLink } from '../recovery-key.ts';
import { texts } from '../texts.ts';

/** Where the mail's link to confirm an account leads. Opening it changes nothing: whatever looks at links for a person must not confirm for them. */
export function ConfirmPage() {
  const { key, number } = useOpenedLink();
  if (key === null) return <Heading mark="broken-link" title={texts.deadLink.missingTitle} lead={texts.deadLink.missingLead} />;
  return <OpenedConfirmation key={number} confirmationKey={key} />;
}

function OpenedConfirmation({ confirmationKey }: { readonly confirmationKey: string }) {
  const confirm = useMutation({ mutationFn: () => api.confirmAccount(confirmationKey) });
  if (confirm.error instanceof ApiProblem && confirm.error.status === 400) return <Heading mark="broken-link" title={texts.deadLink.title} lead={texts.confirm.dead} />;
  if (!confirm.data) {
    return (
      <Stack gap="lg">
        <Heading title={texts.confirm.title} lead={texts.confirm.lead} />
        {confirm.isError && <Failure error={confirm.error} />}
        <BusyButton busy={confirm.isPending} onPress={() => confirm.mutate()}>
          {texts.confirm.submit}
        </BusyButton>
      </Stack>
    );
  }
  return (
    <Stack gap="lg">
      <Heading mark="done" title={texts.confirm.doneTitle} lead={texts.confirm.doneLead} />
      <Button component={Link} to="/signin" state={{ username: confirm.data.username } satisfies PassedOn} fullWidth size="md">
        {texts.done.signIn}
      </Button>
    </Stack>
  );
}
