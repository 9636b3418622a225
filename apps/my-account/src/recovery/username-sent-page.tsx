import { Anchor, Button, List, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, Navigate } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { usePassedOn } from '../page/passed-on.ts';

export function UsernameSentPage() {
  const { t } = useTranslation(['recovery', 'entry']);
  const { done } = usePassedOn();
  if (!done) return <Navigate to="/username" replace />;
  return (
    <Stack gap="lg">
      <Heading mark="mail" title={t('sent.title')} lead={t('username.sent')} />
      <List spacing="xs" size="sm" className="hints">
        {[t('sent.slow'), t('username.noMail')].map((hint) => (
          <List.Item key={hint}>{hint}</List.Item>
        ))}
      </List>
      <Button component={Link} to="/signin" fullWidth size="md">
        {t('entry:back')}
      </Button>
      <nav className="below">
        <Anchor component={Link} to="/username">
          {t('username.again')}
        </Anchor>
      </nav>
    </Stack>
  );
}
