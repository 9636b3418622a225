import { Badge } from '@mantine/core';
import type { FailureGroup } from './deliveries.ts';
import { shownState, type DeliveryState } from './states.ts';

export function StateBadge({ state }: { readonly state: DeliveryState | FailureGroup['state'] }) {
  const { label, color } = shownState(state);
  return (
    <Badge variant="light" color={color}>
      {label}
    </Badge>
  );
}
