import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MailTemplateSource } from '@rekey/events';
import { TemplateError } from '../template/template-fault.ts';
import type { SavedTemplate } from '../template/template-statements.ts';

/** Of one request: a second of compiling. */
const maxElements = 5_000;

/**
 * Whoever saves many at once holds up the mails that are on their way, and nobody for longer than one template takes.
 * @param compile each of them; its errors go through
 * @returns null where two are of one locale
 * @throws TemplateError where they are too much together
 */
export async function compileAll(templates: readonly MailTemplateSource[], compile: (source: MailTemplateSource) => Promise<SavedTemplate>): Promise<readonly SavedTemplate[] | null> {
  if (new Set(templates.map(({ id }) => id)).size < templates.length) return null;
  if (templates.reduce((count, { body, footer }) => count + tagsIn(body) + tagsIn(footer), 0) > maxElements) throw new TemplateError(`expected at most ${maxElements} elements in all templates together`);
  const saved: SavedTemplate[] = [];
  for (const source of templates) {
    saved.push(await compile(source));
    await nextTurn();
  }
  return saved;
}

function tagsIn(text: string): number {
  return text.match(/<[a-z]/gi)?.length ?? 0;
}
