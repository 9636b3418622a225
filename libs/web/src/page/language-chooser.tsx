import { useTranslation } from 'react-i18next';
import { languageTag, locales, storeLocale } from '../texts/locales.ts';

/** The languages of the pages, each by its own name. What is chosen is kept in this browser. */
export function LanguageChooser() {
  const { t, i18n } = useTranslation('web');
  return (
    <label className="language">
      <span className="visually-hidden">{t('language')}</span>
      <select
        value={i18n.language}
        onChange={({ currentTarget }) => {
          const chosen = locales.find(({ name }) => languageTag(name) === currentTarget.value);
          if (!chosen) return;
          storeLocale(chosen.name);
          void i18n.changeLanguage(currentTarget.value);
        }}
      >
        {locales.map(({ name, own }) => (
          <option key={name} value={languageTag(name)} lang={languageTag(name)}>
            {own}
          </option>
        ))}
      </select>
    </label>
  );
}
