import { useTranslation } from 'react-i18next';
import type templates from '../texts/en_US/templates.json';
import type { Placeholder } from './templates.ts';

/** What each stands for, in the reader's language: the server says it in English, and that stays where it knows one that is not among the texts. */
export function usePlaceholderWords(placeholders: readonly Placeholder[]): readonly Placeholder[] {
  const { t, i18n } = useTranslation('templates');
  return placeholders.map((placeholder) => {
    const key = `standsFor.${placeholder.name.replaceAll('.', '-')}`;
    // That it exists has just been asked.
    return i18n.exists(key, { ns: 'templates' }) ? { ...placeholder, description: t(key as `standsFor.${keyof (typeof templates)['standsFor']}`) } : placeholder;
  });
}
