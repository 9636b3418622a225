import { Anchor, Stack } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { Solving } from '../page/solving.tsx';
import { UsernameField } from '../page/username-field.tsx';
import { texts } from '../texts.ts';
import type { MailedLink } from './mailed-link.ts';

/** The form that asks for a link: the same answer for everyone, so nobody learns who has an account. */
export function AskForLink({ link, submitText }: { readonly link: MailedLink; readonly submitText: string }) {
  const passedOn = usePassedOn();
  const [username, setUsername] = useState(passedOn.username ?? '');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const request = useAsking(link.send, (name) => navigate(link.sentPage, { state: { username: name, sentAt: Date.now() } satisfies PassedOn }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (request.isPending) return;
    const name = username.trim();
    setError(name === '' ? texts.emptyUsername : null);
    if (name === '') field.current?.focus();
    else request.mutate(name);
  };
  const change = (value: string) => {
    setUsername(value);
    setError(null);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {request.isError && <Failure error={request.error} />}
        <UsernameField ref={field} value={username} error={error} onChange={change} />
        <Solving active={request.isSolving}>
          <BusyButton wide busy={request.isPending}>{submitText}</BusyButton>
        </Solving>
        <nav className="below">
          <Anchor component={Link} to="/signin">
            {texts.forgot.back}
          </Anchor>
        </nav>
      </Stack>
    </form>
  );
}
