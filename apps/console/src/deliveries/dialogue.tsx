import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import type { Timeline } from './deliveries.ts';

type Line = Timeline['attemptsMade'][number]['dialogue'][number];

/** What was said to the relay and by it, folded: it is for whoever looks closely. */
export function Dialogue({ lines }: { readonly lines: readonly Line[] }) {
  const { t } = useTranslation('deliveries');
  const { duration } = useFormats();
  return (
    <details className="dialogue">
      <summary>{t('dialogue.title', { count: lines.length })}</summary>
      <ol>
        {lines.map(({ who, line, atMs }, index) => (
          <li key={index} data-who={who}>
            <span className="dialogue-who">{t(`dialogue.speakers.${who}`)}</span>
            <code dir="ltr">{line}</code>
            <span className="quiet">{duration(atMs)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
