import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { violationsOf } from './axe.ts';
import { root } from './started-program.ts';

const widths = { narrow: { width: 360, height: 740 }, wide: { width: 1440, height: 900 } };
const schemes = ['light', 'dark'] as const;

/** `REKEY_SCREENSHOTS=1` keeps a picture of every look in `tmp/screenshots`, which git ignores; another value is the folder. */
const asked = process.env['REKEY_SCREENSHOTS'];
const screenshots = asked === undefined ? null : asked === '1' ? path.join(root, 'tmp', 'screenshots') : asked;

/**
 * Looks at a page as it is now, wide and light, and narrow and dark: axe finds nothing, and nothing sticks out at the side. Pictures are
 * kept of wide and dark, and of narrow and light, too: axe would find there what it finds here.
 * @param ofOthers axe’s rules that a page of somebody else’s making breaks
 */
export async function expectToLookRight(page: Page, state: string, ofOthers: readonly string[] = []): Promise<void> {
  for (const [name, size] of Object.entries(widths)) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      const isChecked = (name === 'wide') === (colorScheme === 'light');
      if (!isChecked && screenshots === null) continue;
      await page.emulateMedia({ colorScheme });
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
      const look = `${state}, ${name}, ${colorScheme}`;
      await keepPicture(page, look);
      if (!isChecked) continue;
      const violations = (await violationsOf(page)).filter((violation) => !ofOthers.some((rule) => violation.startsWith(`${rule}:`)));
      expect([look, violations]).toEqual([look, []]);
    }
    expect([state, name, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([state, name, 0]);
  }
}

/** Where pictures are asked for. */
export async function keepPicture(page: Page, look: string): Promise<void> {
  if (screenshots === null) return;
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${look.replace(/[^a-z0-9]+/gi, '-')}.png`) });
}
