// `npm run screenshots`: a picture of every page of My Account and the Console, from tests/pages/every-page.spec.ts, over a Rekey of its own with sample data.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './prepare.mjs';
import { readOptions } from './read-options.mjs';

const usage = `
npm run screenshots -- [--folder FOLDER]
npm run screenshots -- --readme

Starts a Rekey of its own with sample data, opens every page of My Account and the Console in Chromium, and puts a picture of each into the
folder (default tmp/screenshots): wide and narrow, light and dark, in English, and wide and light in Arabic, from right to left. Which pages
there are the built apps say; one that the sample data do not lead to fails, and so does one that axe objects to.

With --readme, makes those that README.md shows anew instead, in docs/pictures.
`;

const { folder: named, readme } = readOptions(usage, { folder: { type: 'string', default: 'tmp/screenshots' }, readme: { type: 'boolean' } });
const folder = path.resolve(root, readme ? 'docs/pictures' : named);
const env = { ...process.env, REQUIRE_BROWSER: '1', ...(readme ? {} : { REKEY_SCREENSHOTS: folder }) };
const which = readme ? ['--testMatch', path.join(root, 'tests/pages/readme-pictures.ts')] : ['tests/pages/every-page.spec.ts'];
const { status } = spawnSync(process.execPath, [path.join(root, 'tools/run/test.mjs'), ...which], { cwd: root, stdio: 'inherit', env });
process.stdout.write(`pictures are in ${folder}\n`);
process.exit(status ?? 1);
