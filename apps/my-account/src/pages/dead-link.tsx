import { Anchor, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import { CheckYourEmail } from './check-your-email.tsx';

/** Expired, used, superseded: told apart for nobody, since the difference would say something about a key. No dead end: a new one is a form away. */
export function DeadLink({ title, lead }: { readonly title: string; readonly lead: string }) {
  const [sentFor, setSentFor] = useState<string | null>(null);
  if (sentFor !== null) return <CheckYourEmail username={sentFor} onOther={() => setSentFor(null)} />;
  return (
    <Stack gap="md">
      <div>
        <PageTitle>{title}</PageTitle>
        <Text className="lead">{lead}</Text>
      </div>
      <Text>{texts.deadLink.ask}</Text>
      <AskForLink submitText={texts.deadLink.submit} onSent={setSentFor} />
      <Anchor component={Link} to="/signin" className="below">
        {texts.forgot.back}
      </Anchor>
    </Stack>
  );
}
