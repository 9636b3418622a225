import { Anchor, Stack } from '@mantine/core';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

export function AskForLinkPage({ link }: { readonly link: MailedLink }) {
  return (
    <Stack gap="lg">
      <Heading title={link.texts.title} lead={link.texts.lead} />
      <AskForLink link={link} submitText={texts.submit} />
      <nav className="below">
        <Anchor component={Link} to="/signin">
          {texts.forgot.back}
        </Anchor>
      </nav>
    </Stack>
  );
}
