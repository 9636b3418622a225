/** The languages of the pages, named as those of the mails are, each with its own word for itself. The first is for whoever speaks none of them. */
export const locales = [
  { name: 'en_US', own: 'English' },
  { name: 'de_DE', own: 'Deutsch' },
  { name: 'fr_FR', own: 'Français' },
  { name: 'ar', own: 'العربية' },
] as const;

export type Locale = (typeof locales)[number]['name'];

const storageKey = 'rekey.locale';

/** What the address asks for, else what was chosen before, else the first of the browser's languages that there is. */
export function locale(): Locale {
  const asked = matching(new URLSearchParams(location.search).get('lang'));
  if (asked !== null) storeLocale(asked);
  const known = asked ?? matching(storedLocale()) ?? navigator.languages.map(matching).find((found) => found !== null);
  return known ?? locales[0].name;
}

/** The one for a language tag such as `de-AT`, or the name of a locale; null: there is none. */
function matching(tag: string | null): Locale | null {
  const language = (name: string) => name.split(/[-_]/)[0]?.toLowerCase();
  return locales.find(({ name }) => tag !== null && language(name) === language(tag))?.name ?? null;
}

/** As BCP 47 writes it, `de-DE`: for browsers, `Intl` and i18next. */
export function languageTag(name: Locale): string {
  return name.replace('_', '-');
}

/** A browser that keeps nothing loses the choice with the page, and nothing else. */
export function storeLocale(name: Locale): void {
  try {
    localStorage.setItem(storageKey, name);
  } catch {
    // See above.
  }
}

function storedLocale(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
