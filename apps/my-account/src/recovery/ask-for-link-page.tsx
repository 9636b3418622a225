import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Heading } from '../page/heading.tsx';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

export function AskForLinkPage({ link }: { readonly link: MailedLink }) {
  const { t } = useTranslation(['recovery', 'entry']);
  return (
    <Stack gap="lg">
      <Heading title={t(`${link.words}.title`)} lead={t(`${link.words}.lead`)} />
      <AskForLink link={link} submitText={t('entry:submit')} />
    </Stack>
  );
}
