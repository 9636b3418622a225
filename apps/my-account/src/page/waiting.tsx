import { Loader, Text } from '@mantine/core';
import { texts } from '../texts.ts';

export function Waiting({ children = texts.loading }: { readonly children?: string }) {
  return (
    <div className="waiting" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{children}</Text>
    </div>
  );
}
