import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import type { Outcome } from './settings.ts';
import { useValueText } from './use-value-text.ts';

/** What a change came to: also what it brought along, as switches pull each other. */
export function Changed({ outcome }: { readonly outcome: Outcome | null }) {
  const { t } = useTranslation('settings');
  const textOf = useValueText();
  return (
    <Done>
      {outcome && outcome.kind !== 'conflict' && (
        <>
          {t(outcome.kind === 'set' ? 'updated' : 'reverted')}
          <ul className="done-list">
            {outcome.different.map((setting) => (
              <li key={setting.name}>{t('now', { name: setting.displayName, value: textOf(setting, setting.value) })}</li>
            ))}
          </ul>
        </>
      )}
    </Done>
  );
}
