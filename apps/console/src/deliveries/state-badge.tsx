import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { colors, type ShownState } from './states.ts';

export function StateBadge({ state }: { readonly state: ShownState }) {
  const { t } = useTranslation('deliveries');
  return (
    <Badge variant="light" color={colors[state]}>
      {t(`states.${state}.label`)}
    </Badge>
  );
}
