import { Alert, Anchor, Button, List, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { api } from '../api/client.ts';
import { Failure } from '../page/failure.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';

/** The server's cooldown: asked again sooner, it would send nothing new. */
const cooldownSeconds = 60;

export function CheckYourEmail({ username, onOther }: { readonly username: string; readonly onOther: () => void }) {
  const [secondsLeft, restart] = useCountdown(cooldownSeconds);
  const again = useMutation({ mutationFn: () => api.sendAgain(username), onSuccess: restart });
  return (
    <Stack gap="md">
      <PageTitle>{texts.sent.title}</PageTitle>
      <Text>{texts.sent.lead(username)}</Text>
      <List spacing="xs" className="hints">
        {texts.sent.hints.map((hint) => (
          <List.Item key={hint}>{hint}</List.Item>
        ))}
      </List>
      {again.isError && <Failure error={again.error} />}
      <div role="status">{again.isSuccess && <Alert color="teal" variant="light">{texts.sent.againDone}</Alert>}</div>
      <Button variant="default" size="md" disabled={secondsLeft > 0} loading={again.isPending} onClick={() => again.mutate()} fullWidth>
        {secondsLeft > 0 ? texts.sent.againIn(secondsLeft) : texts.sent.again}
      </Button>
      <div className="below">
        <Anchor component="button" type="button" onClick={onOther}>
          {texts.sent.other}
        </Anchor>
        <Anchor component={Link} to="/signin">
          {texts.forgot.back}
        </Anchor>
      </div>
    </Stack>
  );
}

/** @returns the seconds left, and what starts again from the top */
function useCountdown(seconds: number): [number, () => void] {
  const [endsAt, setEndsAt] = useState(() => Date.now() + seconds * 1_000);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return [Math.max(0, Math.ceil((endsAt - now) / 1_000)), () => setEndsAt(Date.now() + seconds * 1_000)];
}
