import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { unlessRequired } from './requirement.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** Where the installers of macOS and Windows put Chrome, which is on no PATH there. */
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Nothing but what a test asks for: no window, no calls home, no first-run pages. Containers and root have no sandbox to give. */
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/**
 * Why there is no browser to test with, in one line; `null` if there is. Use it to skip:
 * `(browserUnavailable() === null ? describe : describe.skip)('the pages', …)`.
 *
 * @throws with `REQUIRE_BROWSER=1`, instead of returning a reason
 */
export function browserUnavailable(): string | null {
  const found = findBrowser();
  return unlessRequired('executable' in found ? null : found.missing, 'REQUIRE_BROWSER');
}

/** A real Chromium with an empty profile: `CHROME_PATH`, the system's, or one that Playwright installed. It is the caller's to close. */
export async function aBrowser(): Promise<Browser> {
  const found = findBrowser();
  if ('missing' in found) throw new Error(found.missing);
  return chromium.launch({ executablePath: found.executable, args: flags });
}

function findBrowser(): { readonly executable: string } | { readonly missing: string } {
  const given = process.env['CHROME_PATH'] ?? '';
  if (given !== '') return isExecutable(given) ? { executable: given } : { missing: `CHROME_PATH names no program: ${given}` };
  const executable = [...onPath(), ...installed, chromium.executablePath()].find(isExecutable);
  return executable === undefined ? { missing: 'no Chromium or Chrome found: install one, set CHROME_PATH, or run npx playwright-core install chromium' } : { executable };
}

function onPath(): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
