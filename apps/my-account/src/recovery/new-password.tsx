import { Stack, Text } from '@mantine/core';
import { ApiProblem, BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { PasswordPolicy } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { PasswordField } from '../page/password-field.tsx';
import { useFields } from '../page/use-fields.ts';
import { errorsOf, isLongEnough, lengthText, reasonsOf } from './password-errors.ts';
import { PasswordRules } from './password-rules.tsx';

/** @property current empty where it is not asked for */
export type AskToSet = (passwords: { readonly password: string; readonly current: string }) => Promise<unknown>;

interface NewPasswordProps {
  readonly ask: AskToSet;
  /** Whose it is: for password managers. */
  readonly username: string;
  readonly policy: PasswordPolicy;
  /** Whether the present one is asked for, to prove who asks. */
  readonly asksCurrent?: boolean;
  /** Whether the session here goes on. */
  readonly staysSignedIn?: boolean;
  /** What it was to be set with died while the person was typing. */
  readonly onDead?: () => void;
}

export function NewPassword({ ask, username, policy, asksCurrent = false, staysSignedIn = false, onDead }: NewPasswordProps) {
  const { t } = useTranslation('new-password');
  const fields = useFields({ current: '', password: '', repeated: '' });
  const { password } = fields.values;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const set = useMutation({
    mutationFn: ask,
    onSuccess: () => {
      // Most often it has ended.
      queries.removeQueries({ queryKey: sessionKey });
      void navigate('/reset/done', { replace: true, state: { username, done: true, ...(staysSignedIn && { staysSignedIn }) } satisfies PassedOn });
    },
    onError: (error) => {
      if (isRefusal(error)) fields.object({ password: [t('reset.refused'), ...reasonsOf(error, policy, t)] });
      else if (asksCurrent && isWrong(error)) fields.object({ current: t('reset.wrongCurrent') });
      else if (onDead && isDead(error)) onDead();
    },
  });
  const isTold = isRefusal(set.error) || (asksCurrent && isWrong(set.error));

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (set.isPending) return;
    const { current, repeated } = fields.values;
    if (!fields.object(errorsOf({ current: asksCurrent ? current : null, password, repeated }, policy, t))) set.mutate({ password, current });
  };
  const reasons = fields.linesOf('password');
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {set.isError && !isTold && <Failure error={set.error} />}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        {asksCurrent && <PasswordField {...fields.of('current')} label={t('reset.current')} name="current-password" autoComplete="current-password" />}
        <div>
          <PasswordField
            {...fields.of('password')}
            label={t('reset.password')}
            description={t('reset.policy', { min: policy.minLength, max: policy.maxLength })}
            name="new-password"
            autoComplete="new-password"
            error={reasons?.map((line) => <span key={line} className="error-line">{line}</span>)}
          />
          {!reasons && (
            <Text size="sm" className="length" data-enough={isLongEnough(password, policy) || undefined}>
              {lengthText(password, policy, t)}
            </Text>
          )}
          <PasswordRules policy={policy} password={password} username={username} />
        </div>
        <PasswordField {...fields.of('repeated')} label={t('reset.repeat')} name="repeat-password" autoComplete="new-password" />
        <BusyButton wide busy={set.isPending}>{t('reset.submit')}</BusyButton>
      </Stack>
    </form>
  );
}

function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.status === 412;
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

/** Of a key, and of a code. */
function isDead(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 400 || error.code.startsWith('UAR-'));
}
