import { Stack, Text } from '@mantine/core';
import { ApiProblem, BusyButton, sessionKey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, type PasswordPolicy } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { PasswordField } from '../page/password-field.tsx';
import { texts } from '../texts.ts';

interface NewPasswordProps {
  readonly recoveryKey: string;
  readonly policy: PasswordPolicy;
  /** The key died while the person was typing. */
  readonly onDeadKey: () => void;
}

interface FieldErrors {
  readonly password: readonly string[] | null;
  readonly repeated: string | null;
}

const noErrors: FieldErrors = { password: null, repeated: null };

export function NewPassword({ recoveryKey, policy, onDeadKey }: NewPasswordProps) {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [errors, setErrors] = useState(noErrors);
  const passwordField = useRef<HTMLInputElement>(null);
  const repeatField = useRef<HTMLInputElement>(null);
  const set = useSetPassword({
    recoveryKey,
    onDeadKey,
    onRefused: (reasons) => {
      setErrors({ ...noErrors, password: [texts.reset.refused, ...reasons] });
      passwordField.current?.focus();
    },
  });

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (set.isPending) return;
    const found = errorsOf(password, repeated, policy);
    setErrors(found);
    if (found.password) passwordField.current?.focus();
    else if (found.repeated) repeatField.current?.focus();
    else set.mutate(password);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {set.isError && !isRefusal(set.error) && <Failure error={set.error} />}
        <div>
          <PasswordField
            ref={passwordField}
            label={texts.reset.password}
            description={texts.reset.policy(policy.minLength, policy.maxLength)}
            name="new-password"
            autoComplete="new-password"
            value={password}
            error={errors.password?.map((line) => <span key={line} className="error-line">{line}</span>)}
            onChange={(value) => {
              setPassword(value);
              setErrors({ ...errors, password: null });
            }}
          />
          {errors.password === null && (
            <Text size="sm" className="length" data-enough={isLongEnough(password, policy) || undefined}>
              {lengthText(password, policy)}
            </Text>
          )}
        </div>
        <PasswordField
          ref={repeatField}
          label={texts.reset.repeat}
          name="repeat-password"
          autoComplete="new-password"
          value={repeated}
          error={errors.repeated}
          onChange={(value) => {
            setRepeated(value);
            setErrors({ ...errors, repeated: null });
          }}
        />
        <BusyButton wide busy={set.isPending}>{texts.reset.submit}</BusyButton>
      </Stack>
    </form>
  );
}

interface Handlers {
  readonly recoveryKey: string;
  readonly onDeadKey: () => void;
  readonly onRefused: (reasons: readonly string[]) => void;
}

function useSetPassword({ recoveryKey, onDeadKey, onRefused }: Handlers) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (password: string) => api.setPassword({ key: recoveryKey, password }),
    onSuccess: ({ username }) => {
      // Every session has ended, this browser's too.
      queries.removeQueries({ queryKey: sessionKey });
      void navigate('/reset/done', { replace: true, state: { username, done: true } satisfies PassedOn });
    },
    onError: (error) => {
      if (isRefusal(error)) onRefused(reasonsOf(error));
      else if (error instanceof ApiProblem && error.status === 400) onDeadKey();
    },
  });
}

/** What can be said without asking the server; it has the last word. */
function errorsOf(password: string, repeated: string, policy: PasswordPolicy): FieldErrors {
  const length = codePoints(password);
  if (length === 0) return { ...noErrors, password: [texts.reset.empty] };
  if (length < policy.minLength) return { ...noErrors, password: [texts.reset.tooShort(policy.minLength)] };
  if (length > policy.maxLength) return { ...noErrors, password: [texts.reset.tooLong(policy.maxLength)] };
  if (repeated === '') return { ...noErrors, repeated: texts.reset.emptyRepeat };
  return repeated === password ? noErrors : { ...noErrors, repeated: texts.reset.differ };
}

function lengthText(password: string, policy: PasswordPolicy): string {
  const length = codePoints(password);
  if (length === 0) return '';
  if (length < policy.minLength) return texts.reset.missing(policy.minLength - length);
  return length > policy.maxLength ? texts.reset.tooLong(policy.maxLength) : texts.reset.longEnough;
}

function isLongEnough(password: string, policy: PasswordPolicy): boolean {
  const length = codePoints(password);
  return length >= policy.minLength && length <= policy.maxLength;
}

/** As the server counts: an emoji is one character. */
function codePoints(password: string): number {
  return [...password.normalize('NFC')].length;
}

function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.status === 412;
}

/** Every rule that the password breaks. */
function reasonsOf({ body, message }: ApiProblem): readonly string[] {
  const reasons = body['reasons'] as readonly { message: string }[] | undefined; // as the document says of this refusal
  return reasons?.length ? reasons.map((reason) => reason.message) : [message];
}
