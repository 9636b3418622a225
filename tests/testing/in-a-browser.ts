import { browserUnavailable } from '@rekey/test-kit';
import { Pages } from './pages.ts';
import type { RekeyOptions } from './started-rekey.ts';

const missing = browserUnavailable();

/**
 * Tests of pages in a real browser, against a Rekey of their own; skipped with one loud line where there is no browser. After each of
 * them, no page may have broken, leaked a key or talked to a stranger.
 */
export function describePages(title: string, tests: (pages: () => Pages) => void, options?: RekeyOptions): void {
  if (missing !== null) {
    console.warn(`SKIPPED: ${title}, in a real browser (${missing})`);
    describe.skip(title, () =>
      tests(() => {
        throw new Error('there is no browser');
      }),
    );
    return;
  }
  describe(title, () => {
    let pages: Pages;
    beforeAll(async () => (pages = await Pages.open(options)), 90_000);
    afterEach(async () => {
      for (const context of pages.browser.contexts()) await context.close();
      expect(pages.complaints()).toEqual([]);
    });
    afterAll(async () => pages.close());
    tests(() => pages);
  });
}
