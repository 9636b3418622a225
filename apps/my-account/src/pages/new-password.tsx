import { Alert, Button, List, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, ApiProblem, type PasswordPolicy } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';

interface NewPasswordProps {
  readonly recoveryKey: string;
  readonly policy: PasswordPolicy;
  /** The key died while the person was typing. */
  readonly onDeadKey: () => void;
}

export function NewPassword({ recoveryKey, policy, onDeadKey }: NewPasswordProps) {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [tried, setTried] = useState(false);
  const [passwordField, repeatField] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const navigate = useNavigate();
  const set = useMutation({
    mutationFn: () => api.setPassword({ key: recoveryKey, password }),
    onSuccess: async () => navigate('/reset/done', { replace: true }),
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 400) onDeadKey();
      else passwordField.current?.focus();
    },
  });
  const length = [...password.normalize('NFC')].length;
  const passwordError = password === '' ? texts.reset.empty : length < policy.minLength ? texts.reset.tooShort(policy.minLength - length) : length > policy.maxLength ? texts.reset.tooLong(policy.maxLength) : null;
  const repeatError = repeated === password ? null : texts.reset.differ;
  const refusal = set.error instanceof ApiProblem && set.error.status === 412 ? set.error.problem : null;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (passwordError !== null) passwordField.current?.focus();
    else if (repeatError !== null) repeatField.current?.focus();
    else set.mutate();
  };
  const change = (value: string) => {
    setPassword(value);
    if (set.isError) set.reset();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <PageTitle>{texts.reset.title}</PageTitle>
          <Text className="lead">{texts.reset.policy(policy.minLength, policy.maxLength)}</Text>
        </div>
        {refusal && (
          <Alert color="red" role="alert" variant="light" title={texts.reset.refused}>
            <List>
              {(refusal.reasons.length > 0 ? refusal.reasons : [{ code: refusal.code, message: refusal.description }]).map(({ code, message }) => (
                <List.Item key={code}>{message}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        {set.isError && !refusal && <Failure error={set.error} />}
        <div>
          <PasswordInput ref={passwordField} label={texts.reset.password} name="new-password" autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': texts.show, tabIndex: 0 }} value={password} error={tried && passwordError} onChange={(event) => change(event.currentTarget.value)} />
          <Text size="sm" className="length" role="status">
            {password !== '' && !tried && (length < policy.minLength ? texts.reset.tooShort(policy.minLength - length) : length <= policy.maxLength && texts.reset.longEnough)}
          </Text>
        </div>
        <PasswordInput ref={repeatField} label={texts.reset.repeat} name="repeat-password" autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': texts.show, tabIndex: 0 }} value={repeated} error={tried && passwordError === null && repeatError} onChange={(event) => setRepeated(event.currentTarget.value)} />
        <Button type="submit" loading={set.isPending} fullWidth size="md">
          {texts.reset.submit}
        </Button>
      </Stack>
    </form>
  );
}
