import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { AskForLink } from './ask-for-link.tsx';
import type { MailedLink } from './mailed-link.ts';

/** Expired, used, superseded: told apart for nobody, since the difference would say something about a key. No dead end: a new one is a form away. @param link null where a new one is asked for elsewhere @param known whose it was */
export function DeadLink({ link, title, lead, known }: { readonly link: MailedLink | null; readonly title: string; readonly lead: string; readonly known?: string | undefined }) {
  const { t } = useTranslation('entry');
  return (
    <Stack gap="lg">
      <Heading mark="broken-link" title={title} lead={lead} />
      {link ? (
        <>
          <Text>{t('deadLink.ask')}</Text>
          <AskForLink link={link} submitText={t('deadLink.submit')} known={known} />
        </>
      ) : (
        <nav className="below">
          <Anchor component={Link} to="/signin">
            {t('back')}
          </Anchor>
        </nav>
      )}
    </Stack>
  );
}
