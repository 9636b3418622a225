import { useTranslation } from 'react-i18next';
import type { ForcedReset } from './forced-resets.ts';

/** How many have had their turn. */
export function Progress({ forcedReset: { total, done, failed, skipped } }: { readonly forcedReset: ForcedReset }) {
  const { t } = useTranslation('forced-resets');
  const taken = done + failed + skipped;
  return (
    <span className="progress">
      <progress max={Math.max(total, 1)} value={total === 0 ? 1 : taken} aria-label={t('progress.label')} />
      <span>{t('progress.text', { taken, total })}</span>
    </span>
  );
}
