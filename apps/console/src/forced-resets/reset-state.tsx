import { Badge } from '@mantine/core';
import type { ForcedReset } from './forced-resets.ts';

const colors: Readonly<Record<ForcedReset['state'], string>> = { queued: 'gray', running: 'blue', paused: 'gray', done: 'green', cancelled: 'red' };

export function ResetState({ state }: Pick<ForcedReset, 'state'>) {
  return <Badge variant="light" color={colors[state]}>{state}</Badge>;
}
