import { Button, Stack } from '@mantine/core';
import { Link } from 'react-router';
import { Heading } from '../page/heading.tsx';
import { texts } from '../texts.ts';

export function NotFoundPage() {
  return (
    <Stack gap="lg">
      <Heading title={texts.notFound.title} lead={texts.notFound.lead} />
      <Button component={Link} to="/" fullWidth size="md">
        {texts.notFound.home}
      </Button>
    </Stack>
  );
}
