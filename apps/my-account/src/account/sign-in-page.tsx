import { Alert, Anchor, Stack } from '@mantine/core';
import { ApiProblem, BusyButton, sessionKey, tenantPath, useSession, Waiting } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useSearchParams } from 'react-router';
import { api } from '../api/client.ts';
import { useWays } from '../api/use-ways.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { PasswordField } from '../page/password-field.tsx';
import { useFields } from '../page/use-fields.ts';
import { UsernameField } from '../page/username-field.tsx';

export function SignInPage() {
  const { data: user } = useSession();
  const [asked] = useSearchParams();
  const { then = '/' } = usePassedOn();
  if (!user) return <SignIn />;
  return asked.get('then') === 'console' ? <ToConsole /> : <Navigate to={then} replace />;
}

/** Whoever came from there to sign in goes back. It is another app: the browser loads it. */
function ToConsole() {
  useEffect(() => location.replace(`${tenantPath}/console/`), []);
  return <Waiting />;
}

function SignIn() {
  const { t, i18n } = useTranslation('entry');
  const ways = useWays().data;
  const passedOn = usePassedOn();
  const fields = useFields({ username: passedOn.username ?? '', password: '' });
  const username = fields.values.username.trim();
  const queries = useQueryClient();
  // Where most go who cannot sign in: it is there before they do.
  useEffect(() => void Promise.all([import('../recovery/forgot-password-page.tsx'), i18n.loadNamespaces('recovery')]).catch(() => undefined), [i18n]);
  const signIn = useMutation({
    mutationFn: api.signIn,
    onSuccess: (user) => {
      // Whoever was signed in here before may have been somebody else.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      queries.setQueryData(sessionKey, user);
    },
    onError: (error) => {
      if (!isWrong(error)) return;
      fields.set('password', '');
      fields.retype('password');
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (signIn.isPending) return;
    const { password } = fields.values;
    const isIncomplete = fields.object({ username: username === '' ? t('emptyUsername') : null, password: password === '' ? t('signIn.emptyPassword') : null });
    if (!isIncomplete) signIn.mutate({ username, password });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Heading title={t('signIn.title')} lead={t(passedOn.signedOut ? 'signIn.signedOut' : 'signIn.lead')} />
        {signIn.isError && (isWrong(signIn.error) ? <Alert color="red" role="alert" variant="light">{t(ways?.forcedCode ? 'signIn.wrongOrForced' : 'signIn.wrong')}</Alert> : <Failure error={signIn.error} />)}
        <UsernameField {...fields.of('username')} />
        <PasswordField {...fields.of('password')} label={t('signIn.password')} name="password" autoComplete="current-password" />
        <BusyButton wide busy={signIn.isPending}>{t('signIn.submit')}</BusyButton>
        <nav className="below">
          {ways?.password.length !== 0 && (
            <Anchor component={Link} to="/forgot" state={{ username } satisfies PassedOn}>
              {t('signIn.forgot')}
            </Anchor>
          )}
          {ways?.forcedCode && (
            <Anchor component={Link} to="/code" state={{ username } satisfies PassedOn}>
              {t('signIn.enterCode')}
            </Anchor>
          )}
          {ways && ways.username.length > 0 && (
            <Anchor component={Link} to="/username">
              {t('signIn.forgotUsername')}
            </Anchor>
          )}
        </nav>
      </Stack>
    </form>
  );
}

function isWrong(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}
