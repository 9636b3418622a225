import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { claimDescriptions, descriptions, isFilledIn } from '../../apps/notification-service/src/template/placeholders.ts';
import { root } from '../testing/started-program.ts';

const english = 'en_US';
const translations = ['de_DE', 'fr_FR', 'ar'];
const folders = ['apps/console/src/texts', 'apps/my-account/src/texts', 'libs/web/src/texts'].filter((folder) => existsSync(path.join(root, folder)));
const pluralForm = /_(zero|one|two|few|many|other)$/;

interface Texts {
  readonly [key: string]: string | Texts;
}

describe.each(folders)('the texts in %s', (folder) => {
  describe.each(translations)('in %s', (locale) => {
    it('say all that the English ones say, of the same things, in every plural form of the language', async () => {
      const namespaces = (await readdir(path.join(root, folder, english))).filter((name) => name.endsWith('.json'));
      const expected = namespaces.map((name) => [name, inForms(textsIn(folder, english, name), formsOf(locale))]);
      const found = namespaces.map((name) => [name, placeholdersBy(textsIn(folder, locale, name))]);
      expect(found).toEqual(expected);
    });
  });

  it('break no line in French before what belongs to the word before it', async () => {
    for (const name of (await readdir(path.join(root, folder, 'fr_FR'))).filter((file) => file.endsWith('.json'))) {
      for (const [key, text] of textsIn(folder, 'fr_FR', name)) expect([name, key, text]).not.toEqual([name, key, expect.stringMatching(/\S [:;?!»]|« /)]);
    }
  });

  it('have in English both plural forms wherever there is one', async () => {
    for (const name of (await readdir(path.join(root, folder, english))).filter((file) => file.endsWith('.json'))) {
      const texts = textsIn(folder, english, name);
      expect([name, placeholdersBy(texts)]).toEqual([name, inForms(texts, formsOf(english))]);
    }
  });

  it('are none that English does not have', async () => {
    const all = await Promise.all([english, ...translations].map(async (locale) => (existsSync(path.join(root, folder, locale)) ? readdir(path.join(root, folder, locale)) : [])));
    expect([...new Set(all.flat())].sort()).toEqual([...(all[0] ?? [])].sort());
  });
});

describe('what placeholders of mails stand for', () => {
  it('is said in the Console, in English as the server does', () => {
    const told = [...descriptions, ...claimDescriptions].filter(([name]) => isFilledIn(name, 'accountlockfailedattempt') || isFilledIn(name, 'passwordreset'));
    const { standsFor } = JSON.parse(readFileSync(path.join(root, 'apps/console/src/texts', english, 'templates.json'), 'utf8')) as { readonly standsFor: Texts };
    expect(standsFor).toEqual(Object.fromEntries(told.map(([name, words]) => [name.replaceAll('.', '-'), words])));
  });
});

function textsIn(folder: string, locale: string, namespace: string): ReadonlyMap<string, string> {
  return new Map(flat(JSON.parse(readFileSync(path.join(root, folder, locale, namespace), 'utf8')) as Texts));
}

function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]) => (typeof text === 'string' ? [[`${prefix}${key}`, text] as [string, string]] : flat(text, `${prefix}${key}.`)));
}

function formsOf(locale: string): readonly string[] {
  return new Intl.PluralRules(locale.replace('_', '-')).resolvedOptions().pluralCategories;
}

/** What stands in the texts for what is only known at run time. A form for one number, such as two, may name it in a word. */
function placeholdersBy(texts: ReadonlyMap<string, string>): Record<string, string[]> {
  const of = (key: string, text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').filter((name) => !(name === 'count' && pluralForm.test(key))).sort();
  return Object.fromEntries([...texts].map(([key, text]) => [key, of(key, text)]));
}

/** The placeholders of the English texts, by the keys that another language has for them: `_zero`, too, where English says something of its own of none. */
function inForms(texts: ReadonlyMap<string, string>, forms: readonly string[]): Record<string, string[]> {
  const formsOfKey = (key: string) => (texts.has(key.replace(pluralForm, '_zero')) ? [...new Set(['zero', ...forms])] : forms);
  return Object.fromEntries(
    Object.entries(placeholdersBy(texts)).flatMap(([key, names]) => (pluralForm.test(key) ? formsOfKey(key).map((form) => [key.replace(pluralForm, `_${form}`), names]) : [[key, names]])),
  );
}
