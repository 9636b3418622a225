import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeading } from './page-heading.tsx';

export function NotFound() {
  const { t } = useTranslation('web');
  return (
    <Stack gap="lg" align="flex-start">
      <div>
        <PageHeading>{t('notFound.title')}</PageHeading>
        <p className="lead">{t('notFound.lead')}</p>
      </div>
      <Button component={Link} to="/">
        {t('notFound.home')}
      </Button>
    </Stack>
  );
}
