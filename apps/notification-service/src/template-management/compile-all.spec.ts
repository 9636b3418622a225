import type { MailTemplateSource } from '@rekey/events';
import { compileTemplate } from '../template/compile-template.ts';
import { compileAll } from './compile-all.ts';

const compile = async (source: MailTemplateSource) => ({ source, compiled: await compileTemplate(source, 'https://id.example.com') });
const locales = ['da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'pt', 'sv'];
const mjml = (buttons: number) => `<mjml><mj-body><mj-section><mj-column>${'<mj-button>x</mj-button>'.repeat(buttons)}</mj-column></mj-section></mj-body></mjml>`;
const templates = (body: string, ids = locales) => ids.map((id) => ({ id, contentType: 'text/html', subject: 'Hi', body, footer: '' }));

describe('templates that are saved together', () => {
  it('let others have their turn after each: mails go on while they compile', async () => {
    let turns = 0;
    let done = false;
    const count = (): void => void (turns++, done || setImmediate(count));
    setImmediate(count);
    const saved = await compileAll(templates(mjml(20)), compile).finally(() => (done = true));
    expect(saved).toHaveLength(locales.length);
    expect(turns).toBeGreaterThanOrEqual(locales.length);
  });

  it('are refused where they are too much together, before any is compiled', async () => {
    await expect(compileAll(templates(`{{nobody}}${'<br>'.repeat(501)}`), compile)).rejects.toThrow('at most 5000 elements in all templates together');
  });

  it('are each of another locale', async () => {
    expect(await compileAll(templates('<p>x</p>', ['en', 'en']), compile)).toBeNull();
  });
});
