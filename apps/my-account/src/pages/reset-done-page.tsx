import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageTitle } from '../page/page-title.tsx';
import { texts } from '../texts.ts';

export default function ResetDonePage() {
  return (
    <Stack gap="md">
      <PageTitle>{texts.done.title}</PageTitle>
      <Text>{texts.done.lead}</Text>
      <Button component={Link} to="/signin" fullWidth size="md">
        {texts.done.signIn}
      </Button>
    </Stack>
  );
}
