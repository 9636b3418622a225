import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';

export function NotFoundPage() {
  return (
    <Stack gap="md">
      <PageTitle>{texts.notFound.title}</PageTitle>
      <Text>{texts.notFound.lead}</Text>
      <Button component={Link} to="/" fullWidth size="md">
        {texts.notFound.home}
      </Button>
    </Stack>
  );
}
