import { Stack } from '@mantine/core';
import { ApiProblem, BusyButton } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { useOpenedLink } from './recovery-key.ts';
import type { Confirmation } from './confirmation.ts';
import { DeadLink } from './dead-link.tsx';

/** Where a mail's link to confirm something leads. Opening it changes nothing: whatever looks at links for a person must not confirm for them. */
export function ConfirmPage({ confirmation }: { readonly confirmation: Confirmation }) {
  const { key, number } = useOpenedLink();
  if (key === null) return <DeadLink link={confirmation.link} isCutOff />;
  return <OpenedConfirmation key={number} confirmation={confirmation} confirmationKey={key} />;
}

function OpenedConfirmation({ confirmation, confirmationKey }: { readonly confirmation: Confirmation; readonly confirmationKey: string }) {
  const { t } = useTranslation('recovery');
  const { donePage, link, words } = confirmation;
  const navigate = useNavigate();
  const confirm = useMutation({
    mutationFn: () => confirmation.confirm(confirmationKey),
    onSuccess: (confirmed) => {
      void navigate(donePage, { replace: true, state: { ...confirmed, done: true } satisfies PassedOn });
    },
  });
  if (confirm.error instanceof ApiProblem && confirm.error.status === 400) return <DeadLink link={link} words={words} />;
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={t(`${words}.title`)} lead={t(`${words}.lead`)} />
      {confirm.isError && <Failure error={confirm.error} />}
      <BusyButton wide busy={confirm.isPending} onPress={() => confirm.mutate()}>
        {t(`${words}.submit`)}
      </BusyButton>
    </Stack>
  );
}
