import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong with the page as it is now: `rule: elements`, none where all is well. */
export async function violationsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  // Our own words for what axe answers, so that nothing of it has to be believed. It is in no frame, and would wait for an answer of each.
  const found = await page.evaluate<string>(`axe.run(document, { resultTypes: ['violations'], iframes: false }).then(({ violations }) =>
    JSON.stringify(violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target.join(' ') + ' (' + failureSummary + ')').join(', '))))`);
  return JSON.parse(found) as string[];
}
