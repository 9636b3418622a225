import { useTranslation } from 'react-i18next';

/** Stands where others have the buttons of a form. */
export function ReadOnly() {
  const { t } = useTranslation('page');
  return <span className="quiet">{t('readOnly')}</span>;
}
