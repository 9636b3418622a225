import { useTranslation } from 'react-i18next';
import type { Setting } from './settings.ts';
import { useValueText } from './use-value-text.ts';

/** What WSO2 lets one choose and Rekey does not, and why. */
export function FixedSettings({ settings }: { readonly settings: readonly Setting[] }) {
  const { t } = useTranslation('settings');
  const textOf = useValueText();
  const fixed = settings.filter(({ fixedBecause }) => fixedBecause !== null);
  if (fixed.length === 0) return null;
  return (
    <details className="setting" open={fixed.length === settings.length}>
      <summary>{t('fixed.title', { count: fixed.length })}</summary>
      <ul className="fixed">
        {fixed.map((setting) => (
          <li key={setting.name}>
            {t('fixed.always', { name: setting.displayName, value: textOf(setting, setting.value) })}
            <span className="beside">{setting.fixedBecause}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
