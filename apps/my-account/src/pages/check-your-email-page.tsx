import { Anchor, List, Stack } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useEffect, useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { useAsking } from '../captcha/use-asking.ts';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { Solving } from '../page/solving.tsx';
import { texts } from '../texts.ts';
import type { MailedLink } from './mailed-link.ts';

/** The server's cooldown: asked again sooner, it would send nothing new. */
const cooldownMs = 60_000;

export function CheckYourEmailPage({ link }: { readonly link: MailedLink }) {
  const { username, sentAt } = usePassedOn();
  if (username === undefined || sentAt === undefined) return <Navigate to={link.askPage} replace />;
  return <CheckYourEmail link={link} username={username} sentAt={sentAt} />;
}

function CheckYourEmail({ link, username, sentAt }: { readonly link: MailedLink; readonly username: string; readonly sentAt: number }) {
  const secondsLeft = useSecondsUntil(sentAt + cooldownMs);
  const navigate = useNavigate();
  const again = useAsking(link.sendAgain, () => navigate(link.sentPage, { replace: true, state: { username, sentAt: Date.now() } satisfies PassedOn }));
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={texts.sent.title} lead={link.texts.sent(username)} />
      <List spacing="xs" size="sm" className="hints">
        {[...texts.sent.hints, link.texts.noMail].map((hint) => (
          <List.Item key={hint}>{hint}</List.Item>
        ))}
      </List>
      <div role="status" className="result">
        {again.isSuccess && texts.sent.againDone}
      </div>
      {again.isError && <Failure error={again.error} />}
      <Solving active={again.isSolving}>
        <BusyButton wide variant="default" busy={again.isPending} resting={secondsLeft > 0} onPress={() => again.mutate(username)}>
          {secondsLeft > 0 ? texts.sent.againIn(secondsLeft) : texts.sent.again}
        </BusyButton>
      </Solving>
      <nav className="below">
        <Anchor component={Link} to={link.askPage}>
          {texts.sent.other}
        </Anchor>
        <Anchor component={Link} to="/signin" state={{ username } satisfies PassedOn}>
          {texts.forgot.back}
        </Anchor>
      </nav>
    </Stack>
  );
}

/** @param moment milliseconds since 1970, never farther away than the cooldown: a clock may have been set back */
function useSecondsUntil(moment: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.ceil(Math.min(Math.max(0, moment - now), cooldownMs) / 1_000);
}
