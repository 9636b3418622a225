import { Anchor, List, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { usePassedOn } from '../page/passed-on.ts';
import { ToSignIn } from '../page/to-sign-in.tsx';
import type { MailedLink } from './mailed-link.ts';
import { SendAgain } from './send-again.tsx';

export function CheckYourEmailPage({ link }: { readonly link: MailedLink }) {
  const { t } = useTranslation(['recovery', 'entry']);
  const { username, sentAt } = usePassedOn();
  if (username === undefined || sentAt === undefined) return <Navigate to={link.askPage} replace />;
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={t('sent.title')} lead={t(`${link.words}.sent`, { username })} />
      <List spacing="xs" size="sm" className="hints">
        {[t('sent.slow'), t('sent.newest'), t(`${link.words}.noMail`)].map((hint) => (
          <List.Item key={hint}>{hint}</List.Item>
        ))}
      </List>
      <SendAgain link={link} username={username} sentAt={sentAt} />
      <nav className="below">
        <Anchor component={Link} to={link.askPage}>
          {t('sent.other')}
        </Anchor>
        <ToSignIn username={username} />
      </nav>
    </Stack>
  );
}
