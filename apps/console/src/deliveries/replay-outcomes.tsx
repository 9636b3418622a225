import { useTranslation } from 'react-i18next';
import { countsOf, type Outcomes } from './replay.ts';

/** How many were replayed, and how many were not, for which reason. */
export function ReplayOutcomes({ outcomes }: { readonly outcomes: Outcomes }) {
  const { t } = useTranslation('deliveries');
  const counts = countsOf(outcomes);
  if (counts.length === 0) return <p>{t('outcomes.none')}</p>;
  return (
    <ul className="outcomes">
      {counts.map(({ verdict, count }) => (
        <li key={verdict}>
          <strong>{t('mails', { count })}</strong> {t(`outcomes.${verdict}`)}
        </li>
      ))}
    </ul>
  );
}
