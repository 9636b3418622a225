import { Stack, TextInput } from '@mantine/core';
import { BusyButton, Waiting } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api/client.ts';
import { useWays } from '../api/use-ways.ts';
import { Solving } from '../captcha/solving-notice.tsx';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import type { PassedOn } from '../page/passed-on.ts';
import { ToSignIn } from '../page/to-sign-in.tsx';

/** What browsers fill in, by the claim; the last part of its URI. */
const autoComplete = { emailaddress: 'email', mobile: 'tel', givenname: 'given-name', lastname: 'family-name' } as const;
type ClaimName = keyof typeof autoComplete;

/** By what one knows of the account: the more that is, the surer is it found. The answer is the same for everyone. */
export function ForgotUsernamePage() {
  const { t } = useTranslation(['recovery', 'entry']);
  const ways = useWays();
  return (
    <Stack gap="lg">
      <Heading title={t('username.title')} lead={ways.data?.username.length === 0 ? t('username.off') : t('username.lead')} />
      {ways.isPending && <Waiting />}
      {ways.isError && <Failure error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.data && ways.data.username.length > 0 && <AskForUsername uris={ways.data.username} />}
      <nav className="below">
        <ToSignIn />
      </nav>
    </Stack>
  );
}

function AskForUsername({ uris }: { readonly uris: readonly string[] }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const request = useAsking(api.requestUsername, () => navigate('/username/sent', { state: { done: true } satisfies PassedOn }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (request.isPending) return;
    const claims = uris.flatMap((uri) => (values[uri]?.trim() ? [{ uri, value: values[uri].trim() }] : []));
    setError(claims.length === 0 ? t('username.empty') : null);
    if (claims.length === 0) first.current?.focus();
    else request.mutate(claims);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {request.isError && <Failure error={request.error} />}
        {uris.map((uri, index) => {
          const name = nameOf(uri);
          return (
            name && (
              <TextInput
                key={uri}
                ref={index === 0 ? first : undefined}
                size="md"
                label={t(`username.claims.${name}`)}
                name={name}
                type={name === 'emailaddress' ? 'email' : name === 'mobile' ? 'tel' : 'text'}
                autoComplete={autoComplete[name]}
                maxLength={1024}
                value={values[uri] ?? ''}
                error={index === 0 ? error : null}
                errorProps={{ role: 'alert' }}
                onChange={({ currentTarget: { value } }) => {
                  setValues({ ...values, [uri]: value });
                  setError(null);
                }}
              />
            )
          );
        })}
        <Solving active={request.isSolving}>
          <BusyButton wide busy={request.isPending}>{t('entry:submit')}</BusyButton>
        </Solving>
      </Stack>
    </form>
  );
}

/** null for one that these pages have no word for. */
function nameOf(uri: string): ClaimName | null {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return Object.hasOwn(autoComplete, name) ? (name as ClaimName) : null; // a key, as was just seen
}
