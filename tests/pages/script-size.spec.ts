import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../testing/started-program.ts';

/** What Vite says of a built file, by the source that it was made from. */
interface Built {
  readonly file: string;
  readonly imports?: readonly string[];
}

const mostOfAPage = 150_000;
const mostOfAFile = 500_000;

describe('the script of the pages', () => {
  it.each(['account/sign-in-page', 'recovery/reset-page'])('is under 150 KB, gzipped, until My Account shows its %s', (page) => {
    const bytes = scriptsOf('apps/my-account', `src/${page}.tsx`).map((script) => gzipSync(script).length);
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostOfAPage);
  });

  it.each(['apps/my-account', 'apps/console'])('is in no file of %s over 500 kB', (app) => {
    expect(Object.values(manifestOf(app)).filter(({ file }) => file.endsWith('.js') && readBuilt(app, file).length > mostOfAFile)).toEqual([]);
  });
});

/** All that a browser loads for a page: the app, the page, what both import, and the English texts of every namespace that is named in those. */
function scriptsOf(app: string, page: string): Buffer[] {
  const manifest = manifestOf(app);
  const needed = new Set<string>();
  const need = (source: string) => {
    if (needed.has(source)) return;
    needed.add(source);
    for (const imported of manifest[source]?.imports ?? []) need(imported);
  };
  need('index.html');
  need(page);
  const scripts = [...needed].map((source) => readBuilt(app, manifest[source]!.file));
  const said = scripts.join('');
  const texts = Object.entries(manifest).filter(([source]) => source.includes('/en_US/') && new RegExp(`[\`'"]${path.basename(source, '.json')}[\`'"]`).test(said));
  return [...scripts, ...texts.map(([, { file }]) => readBuilt(app, file))];
}

function manifestOf(app: string): Readonly<Record<string, Built>> {
  return JSON.parse(readFileSync(path.join(root, app, 'dist/.vite/manifest.json'), 'utf8')) as Record<string, Built>;
}

function readBuilt(app: string, file: string): Buffer {
  return readFileSync(path.join(root, app, 'dist', file));
}
