import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Setting } from './settings.ts';
import { useValueText } from './use-value-text.ts';

/** Tells whoever comes second what the first one did. */
export function Conflict({ different }: { readonly different: readonly Setting[] }) {
  const { t } = useTranslation('settings');
  const textOf = useValueText();
  return (
    <Alert color="red" role="alert" variant="light" title={t('conflict.title')} className="conflict">
      <ul className="done-list">
        {different.map((setting) => {
          const told = { name: setting.displayName, value: textOf(setting, setting.value), by: setting.changedBy ?? t('conflict.somebody') };
          return <li key={setting.name}>{setting.source === 'tenant' ? t('conflict.theirs', told) : t('conflict.fileChanged', told)}</li>;
        })}
      </ul>
      {t('conflict.kept')}
    </Alert>
  );
}
