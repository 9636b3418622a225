import { Anchor, Stack } from '@mantine/core';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';

export function ForgotPage() {
  return (
    <Stack gap="lg">
      <Heading title={texts.forgot.title} lead={texts.forgot.lead} />
      <AskForLink submitText={texts.forgot.submit} />
      <nav className="below">
        <Anchor component={Link} to="/signin">
          {texts.forgot.back}
        </Anchor>
      </nav>
    </Stack>
  );
}
