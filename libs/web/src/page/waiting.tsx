import { Loader, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function Waiting({ children }: { readonly children?: string }) {
  const { t } = useTranslation('web');
  return (
    <div className="waiting" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{children ?? t('loading')}</Text>
    </div>
  );
}
