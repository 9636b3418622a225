import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

/** Expired, used, superseded: told apart for nobody, since the difference would say something about a key. No dead end: a new one is a form away. @param link null where a new one is asked for elsewhere */
export function DeadLink({ link, title, lead }: { readonly link: MailedLink | null; readonly title: string; readonly lead: string }) {
  return (
    <Stack gap="lg">
      <Heading mark="broken-link" title={title} lead={lead} />
      {link ? (
        <>
          <Text>{texts.deadLink.ask}</Text>
          <AskForLink link={link} submitText={texts.deadLink.submit} />
        </>
      ) : (
        <nav className="below">
          <Anchor component={Link} to="/signin">
            {texts.forgot.back}
          </Anchor>
        </nav>
      )}
    </Stack>
  );
}
