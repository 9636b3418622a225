import { Stack } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useRef, useState, type ReactNode, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Solving } from '../captcha/solving-notice.tsx';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { ToSignIn } from '../page/to-sign-in.tsx';
import { UsernameField } from '../page/username-field.tsx';
import type { MailedLink } from './mailed-link.ts';

interface AskForLinkProps {
  readonly link: MailedLink;
  readonly submitText: string;
  /** Where it is known whose it is. */
  readonly known?: string | undefined;
  /** Between the name and the button. */
  readonly children?: ReactNode;
}

/** The form that asks for a link: the same answer for everyone, so nobody learns who has an account. */
export function AskForLink({ link, submitText, known, children }: AskForLinkProps) {
  const { t } = useTranslation('entry');
  const passedOn = usePassedOn();
  const [username, setUsername] = useState(known ?? passedOn.username ?? '');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const request = useAsking(link.send, ({ flow }, name) => navigate(link.sentPage, { state: { username: name, sentAt: Date.now(), ...(flow === undefined ? {} : { flow }) } satisfies PassedOn }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (request.isPending) return;
    const name = username.trim();
    setError(name === '' ? t('emptyUsername') : null);
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
        {children}
        <Solving active={request.isSolving}>
          <BusyButton wide busy={request.isPending}>{submitText}</BusyButton>
        </Solving>
        <nav className="below">
          <ToSignIn />
        </nav>
      </Stack>
    </form>
  );
}
