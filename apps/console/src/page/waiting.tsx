import { Loader, Text } from '@mantine/core';

export function Waiting({ children = 'Loading …' }: { readonly children?: string }) {
  return (
    <div className="waiting" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{children}</Text>
    </div>
  );
}
