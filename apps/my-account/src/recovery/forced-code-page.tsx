import { Alert, Anchor, Stack } from '@mantine/core';
import { ApiProblem, BusyButton } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client.ts';
import { Solving } from '../captcha/solving-notice.tsx';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
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

interface FieldErrors {
  readonly username: string | null;
  readonly code: string | null;
}

const noErrors: FieldErrors = { username: null, code: null };

function EnterForcedCode({ onConfirmed }: { readonly onConfirmed: (confirmed: ConfirmedCode) => void }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const passedOn = usePassedOn();
  const [username, setUsername] = useState(passedOn.username ?? '');
  const code = useTypedCode();
  const [errors, setErrors] = useState(noErrors);
  const usernameField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);
  const confirm = useAsking(api.confirmForcedCode, onConfirmed);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (confirm.isPending) return;
    const name = username.trim();
    const found: FieldErrors = { username: name === '' ? t('entry:emptyUsername') : null, code: code.problem };
    setErrors(found);
    if (found.username) usernameField.current?.focus();
    else if (found.code) codeField.current?.focus();
    else confirm.mutate({ username: name, code: code.typed }, { onError: comeBack });
  };
  const comeBack = (error: unknown) => {
    if (!isWrong(error)) return;
    codeField.current?.focus();
    codeField.current?.select();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Heading title={t('code.title')} lead={t('forced.lead')} />
        {confirm.isError && (isWrong(confirm.error) ? <Alert color="red" role="alert" variant="light">{t('forced.wrong')}</Alert> : <Failure error={confirm.error} />)}
        <UsernameField
          ref={usernameField}
          value={username}
          error={errors.username}
          onChange={(value) => {
            setUsername(value);
            setErrors({ ...errors, username: null });
          }}
        />
        <CodeField
          ref={codeField}
          description={t('forced.means')}
          value={code.text}
          error={errors.code}
          onChange={(value) => {
            code.setText(value);
            setErrors({ ...errors, code: null });
          }}
        />
        <Solving active={confirm.isSolving}>
          <BusyButton wide busy={confirm.isPending}>{t('code.submit')}</BusyButton>
        </Solving>
        <nav className="below">
          <Anchor component={Link} to="/signin" state={{ username: username.trim() } satisfies PassedOn}>
            {t('entry:back')}
          </Anchor>
        </nav>
      </Stack>
    </form>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'UAR-10001';
}
