import { Button, Stack } from '@mantine/core';
import { texts } from '../texts.ts';
import { Heading } from './heading.tsx';

/** A page of ours that broke: nobody planned it, so the way out is to load it anew. */
export function Fault() {
  return (
    <Stack gap="lg">
      <Heading title={texts.fault.title} lead={texts.fault.lead} />
      <Button size="md" fullWidth onClick={() => location.reload()}>
        {texts.fault.reload}
      </Button>
    </Stack>
  );
}
