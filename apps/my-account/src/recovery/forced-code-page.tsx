import { Alert, Stack } from '@mantine/core';
import { ApiProblem, BusyButton } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { Solving } from '../captcha/solving-notice.tsx';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn } from '../page/passed-on.ts';
import { ToSignIn } from '../page/to-sign-in.tsx';
import { useFields } from '../page/use-fields.ts';
import { UsernameField } from '../page/username-field.tsx';
import { CodeField } from './code-field.tsx';
import { NewPasswordAfterCode, type ConfirmedCode } from './new-password-after-code.tsx';
import { useTypedCode } from './use-typed-code.ts';

/** Where the code is typed that an administrator's reset has mailed: nobody has asked for it here, so that the page asks whose it is. */
export function ForcedCodePage() {
  const [confirmed, setConfirmed] = useState<ConfirmedCode | null>(null);
  if (confirmed) return <NewPasswordAfterCode confirmed={confirmed} onDead={() => setConfirmed(null)} />;
  return <EnterForcedCode onConfirmed={setConfirmed} />;
}

function EnterForcedCode({ onConfirmed }: { readonly onConfirmed: (confirmed: ConfirmedCode) => void }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const passedOn = usePassedOn();
  const fields = useFields({ username: passedOn.username ?? '', code: '' });
  const username = fields.values.username.trim();
  const code = useTypedCode(fields.values.code);
  const confirm = useAsking(api.confirmForcedCode, onConfirmed);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (confirm.isPending) return;
    const isIncomplete = fields.object({ username: username === '' ? t('entry:emptyUsername') : null, code: code.problem });
    if (!isIncomplete) confirm.mutate({ username, code: code.typed }, { onError: comeBack });
  };
  const comeBack = (error: unknown) => {
    if (isWrong(error)) fields.retype('code');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Heading title={t('code.title')} lead={t('forced.lead')} />
        {confirm.isError && (isWrong(confirm.error) ? <Alert color="red" role="alert" variant="light">{t('forced.wrong')}</Alert> : <Failure error={confirm.error} />)}
        <UsernameField {...fields.of('username')} />
        <CodeField {...fields.of('code')} description={t('forced.means')} />
        <Solving active={confirm.isSolving}>
          <BusyButton wide busy={confirm.isPending}>{t('code.submit')}</BusyButton>
        </Solving>
        <nav className="below">
          <ToSignIn username={username} />
        </nav>
      </Stack>
    </form>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'UAR-10001';
}
