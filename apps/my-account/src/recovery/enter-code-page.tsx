import { Alert, Anchor, Stack } from '@mantine/core';
import { ApiProblem, BusyButton } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { api } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { ToSignIn } from '../page/to-sign-in.tsx';
import { useFields } from '../page/use-fields.ts';
import { CodeField } from './code-field.tsx';
import { passwordCode } from './mailed-link.ts';
import { NewPasswordAfterCode, type ConfirmedCode } from './new-password-after-code.tsx';
import { SendAgain } from './send-again.tsx';
import { useTypedCode } from './use-typed-code.ts';

/** Where the code of the mail is typed, and then the new password: one page, as what the right code gives is kept nowhere. */
export function EnterCodePage() {
  const { username, sentAt, flow } = usePassedOn();
  const [confirmed, setConfirmed] = useState<ConfirmedCode | null>(null);
  if (username === undefined || sentAt === undefined || flow === undefined) return <Navigate to={passwordCode.askPage} replace />;
  if (confirmed) return <NewPasswordAfterCode confirmed={confirmed} onDead={() => setConfirmed(null)} />;
  return <EnterCode username={username} sentAt={sentAt} flow={flow} onConfirmed={setConfirmed} />;
}

interface EnterCodeProps {
  readonly username: string;
  readonly sentAt: number;
  readonly flow: string;
  readonly onConfirmed: (confirmed: ConfirmedCode) => void;
}

function EnterCode({ username, sentAt, flow, onConfirmed }: EnterCodeProps) {
  const { t } = useTranslation(['recovery', 'entry']);
  const fields = useFields({ code: '' });
  const code = useTypedCode(fields.values.code);
  const confirm = useMutation({
    mutationFn: api.confirmCode,
    onSuccess: (answer, asked) => onConfirmed({ ...answer, flow: asked.flow }),
    onError: (refused) => {
      if (!isWrong(refused)) return;
      fields.object({ code: t('code.wrong') });
      fields.retype('code');
    },
  });
  // Sent again, it is another one: what was said of the last is no longer so.
  const problem = confirm.variables?.flow === flow && !isWrong(confirm.error) ? confirm.error : null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (confirm.isPending) return;
    if (!fields.object({ code: code.problem })) confirm.mutate({ flow, code: code.typed });
  };
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={t('code.title')} lead={t('forgot.byCode.sent', { username })} />
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          {problem && (isOver(problem) ? <Alert color="red" role="alert" variant="light">{t('code.over')}</Alert> : <Failure error={problem} />)}
          <CodeField {...fields.of('code')} description={t('code.means')} />
          <BusyButton wide busy={confirm.isPending}>{t('code.submit')}</BusyButton>
        </Stack>
      </form>
      <SendAgain link={passwordCode} username={username} sentAt={sentAt} />
      <nav className="below">
        <Anchor component={Link} to={passwordCode.askPage} state={{ username } satisfies PassedOn}>
          {t('code.other')}
        </Anchor>
        <ToSignIn username={username} />
      </nav>
    </Stack>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'UAR-10001';
}

/** Too many wrong ones, or too late, or replaced: told apart for nobody. */
function isOver(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === 'UAR-10015' || error.code === 'UAR-10008');
}
