import { Stack } from '@mantine/core';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

export function AskForLinkPage({ link }: { readonly link: MailedLink }) {
  return (
    <Stack gap="lg">
      <Heading title={link.texts.title} lead={link.texts.lead} />
      <AskForLink link={link} submitText={texts.submit} />
    </Stack>
  );
}
