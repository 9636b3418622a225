import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ForcedReset } from './forced-resets.ts';

const colors: Readonly<Record<ForcedReset['state'], string>> = { queued: 'gray', running: 'blue', paused: 'gray', done: 'green', cancelled: 'red' };

export function ResetState({ state }: Pick<ForcedReset, 'state'>) {
  const { t } = useTranslation('forced-resets');
  return <Badge variant="light" color={colors[state]}>{t(`states.${state}`)}</Badge>;
}
