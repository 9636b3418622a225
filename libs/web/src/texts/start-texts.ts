import i18next, { type BackendModule, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type web from './en_US/web.json';
import { languageTag, locale } from './locales.ts';

/** What `t` takes: the keys of the English texts. Each app adds its own namespaces, in its `texts.d.ts`. */
declare module 'i18next' {
  interface ResourceNamespaceMap {
    web: typeof web;
  }
}

/** The files of texts, `<locale>/<namespace>.json` at the end of their names, each a chunk that is loaded when a page needs it: what `import.meta.glob` gives. */
export type TextFiles = Readonly<Record<string, () => Promise<unknown>>>;

/** Those of the parts that all apps share. */
const ours: TextFiles = import.meta.glob('./*/*.json', { import: 'default' });

/**
 * Gets the pages' texts ready in the reader's language, and marks the document with it.
 * @param files the app's own
 * @param namespaces which of them to wait for; without it, all
 */
export async function startTexts(files: TextFiles, namespaces: readonly string[] = Object.keys(files).map(namespaceOf)): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    document.documentElement.dir = i18next.dir(language);
  });
  await i18next
    .use(backendOf({ ...files, ...ours }))
    .use(initReactI18next)
    .init({ lng: languageTag(locale()), fallbackLng: 'en-US', load: 'currentOnly', ns: [...new Set(['web', ...namespaces])], defaultNS: 'web', interpolation: { escapeValue: false } }); // React escapes
}

/** `shell` of `./texts/de_DE/shell.json`. */
function namespaceOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.json'.length);
}

function backendOf(files: TextFiles): BackendModule {
  const byEnd = new Map(Object.entries(files).map(([name, load]) => [name.split('/').slice(-2).join('/'), load]));
  return {
    type: 'backend',
    init: () => undefined,
    read: (language, namespace, answer) => {
      const load = byEnd.get(`${language.replace('-', '_')}/${namespace}.json`) ?? (async () => ({}));
      load().then(
        (texts) => answer(null, texts as ResourceKey), // the build has read the file as JSON
        (cause: unknown) => answer(String(cause), null),
      );
    },
  };
}
