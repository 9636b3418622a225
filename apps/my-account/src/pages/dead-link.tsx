import { Stack, Text } from '@mantine/core';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

/** Expired, used, superseded: told apart for nobody, since the difference would say something about a key. No dead end: a new one is a form away. */
export function DeadLink({ link, title, lead }: { readonly link: MailedLink; readonly title: string; readonly lead: string }) {
  return (
    <Stack gap="lg">
      <Heading mark="broken-link" title={title} lead={lead} />
      <Text>{texts.deadLink.ask}</Text>
      <AskForLink link={link} submitText={texts.deadLink.submit} />
    </Stack>
  );
}
