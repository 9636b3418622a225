import { TemplateError, type TemplatePart } from './template-fault.ts';
import { requireKnownPlaceholders } from './placeholders.ts';
import type { Texts } from './template-layout.ts';

/** What all mails say. */
const everyMail = 'every mail';

/**
 * Reads `texts/<locale>.json`: by type, the texts of its mail by key, and beside the types `every mail`.
 * @returns by type, as it is written there
 * @throws TemplateError naming the file, and line and column of a placeholder that nobody fills
 */
export function localeTexts(file: TemplatePart): ReadonlyMap<string, Texts> {
  requireKnownPlaceholders(file);
  const { [everyMail]: all = {}, ...types } = parsed(file);
  return new Map(Object.entries(types).map(([type, texts]) => [type, new Map([...Object.entries(all), ...Object.entries(texts)])]));
}

/** @throws TemplateError naming what one locale says and the other does not */
export function requireSameKeys(texts: ReadonlyMap<string, Texts>, file: string, others: ReadonlyMap<string, Texts>): void {
  for (const [type, own] of texts) {
    const other = others.get(type);
    const missing = other && [...other.keys()].find((key) => !own.has(key));
    const added = [...own.keys()].find((key) => !other?.has(key));
    if (missing !== undefined) throw new TemplateError(`${file}: "${type}" lacks the text "${missing}", which it has in the default locale`);
    if (added !== undefined) throw new TemplateError(`${file}: "${type}" has a text "${added}", which it lacks in the default locale`);
  }
}

function parsed({ name, source }: TemplatePart): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const texts = parsedJson(name, source);
  if (!isRecord(texts) || !Object.values(texts).every(isTexts)) throw new TemplateError(`${name}: expected texts by key, by type of mail`);
  return texts as Readonly<Record<string, Readonly<Record<string, string>>>>; // as was just seen
}

function parsedJson(name: string, source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new TemplateError(`${name}: ${error instanceof Error ? error.message : 'it is no JSON'}`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string' && text !== '' && !text.includes('\n'));
}
