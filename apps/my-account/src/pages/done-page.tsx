import { Button, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { Link, Navigate } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { usePassedOn, type PassedOn } from '../page/passed-on.ts';
import { forgetKey } from '../recovery-key.ts';
import { texts } from '../texts.ts';

/** Signs nobody in: whoever has the link alone must not pass for a signed-in person. */
export function DonePage({ title, lead }: { readonly title: string; readonly lead: string }) {
  const { done, username = '', callback } = usePassedOn();
  // Only here: the page before would say of its link, now spent, that it is incomplete.
  useEffect(() => forgetKey(), []);
  if (!done) return <Navigate to="/signin" replace />;
  return (
    <Stack gap="lg">
      <Heading mark="done" title={title} lead={lead} />
      {callback && (
        <Button component="a" href={callback} fullWidth size="md">
          {texts.done.goOn}
        </Button>
      )}
      <Button component={Link} to="/signin" state={{ username } satisfies PassedOn} variant={callback ? 'default' : 'filled'} fullWidth size="md">
        {texts.done.signIn}
      </Button>
    </Stack>
  );
}
