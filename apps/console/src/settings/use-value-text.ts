import { useTranslation } from 'react-i18next';
import type { Setting } from './settings.ts';

/** A setting's value as a person says it: switches are on or off. */
export function useValueText(): (setting: Pick<Setting, 'type'>, value: string) => string {
  const { t } = useTranslation('settings');
  return ({ type }, value) => {
    if (type === 'boolean') return t(value === 'true' ? 'on' : 'off');
    return value === '' ? t('nothing') : value;
  };
}
