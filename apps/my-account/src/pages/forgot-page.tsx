import { Anchor, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import { CheckYourEmail } from './check-your-email.tsx';

export function ForgotPage() {
  const [sentFor, setSentFor] = useState<string | null>(null);
  if (sentFor !== null) return <CheckYourEmail username={sentFor} onOther={() => setSentFor(null)} />;
  return (
    <Stack gap="md">
      <div>
        <PageTitle>{texts.forgot.title}</PageTitle>
        <Text className="lead">{texts.forgot.lead}</Text>
      </div>
      <AskForLink submitText={texts.forgot.submit} onSent={setSentFor} />
      <Anchor component={Link} to="/signin" className="below">
        {texts.forgot.back}
      </Anchor>
    </Stack>
  );
}
