import { Anchor, List, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router';
import { api } from '../api/client.ts';
import { BusyButton } from '../page/busy-button.tsx';
import { Failure } from '../page/failure.tsx';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { texts } from '../texts.ts';

/** The server's cooldown: asked again sooner, it would send nothing new. */
const cooldownMs = 60_000;

export function CheckYourEmailPage() {
  const { username, sentAt } = usePassedOn();
  if (username === undefined || sentAt === undefined) return <Navigate to="/forgot" replace />;
  return <CheckYourEmail username={username} sentAt={sentAt} />;
}

function CheckYourEmail({ username, sentAt }: { readonly username: string; readonly sentAt: number }) {
  const secondsLeft = useSecondsUntil(sentAt + cooldownMs);
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => api.sendAgain(username),
    onSuccess: () => navigate('/forgot/sent', { replace: true, state: { username, sentAt: Date.now() } satisfies PassedOn }),
  });
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={texts.sent.title} lead={texts.sent.lead(username)} />
      <List spacing="xs" size="sm" className="hints">
        {texts.sent.hints.map((hint) => (
          <List.Item key={hint}>{hint}</List.Item>
        ))}
      </List>
      <div role="status" className="result">
        {again.isSuccess && texts.sent.againDone}
      </div>
      {again.isError && <Failure error={again.error} />}
      <BusyButton variant="default" busy={again.isPending} resting={secondsLeft > 0} onPress={() => again.mutate()}>
        {secondsLeft > 0 ? texts.sent.againIn(secondsLeft) : texts.sent.again}
      </BusyButton>
      <nav className="below">
        <Anchor component={Link} to="/forgot">
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
