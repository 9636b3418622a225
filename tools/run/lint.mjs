// `npm run lint`: makes the checkout ready, then checks the code, the boundaries of its modules and folders, and the documentation's links.
// Arguments go to ESLint (`npm run lint -- --fix`, `npm run lint -- libs/events`); without a path, everything is checked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { deadLinks } from '../lint/dead-links.mjs';
import { folderCycles } from '../lint/folder-cycles.mjs';
import { makeProjectGraph } from '../lint/project-graph.mjs';
import { fail, prepare, root, say, seconds } from './prepare.mjs';
import { writeApiTypes } from './write-api-types.mjs';

const started = Date.now();
await prepare({ web: false });
await writeApiTypes();

try {
  makeProjectGraph();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
const dead = deadLinks();
for (const link of dead) process.stderr.write(`rekey  leads nowhere: ${link}\n`);
const cycles = folderCycles();
for (const cycle of cycles) process.stderr.write(`rekey  folders that import each other: ${cycle}\n`);
const { status } = lint(process.argv.slice(2));
if (status !== 0 || dead.length > 0 || cycles.length > 0) process.exit(1);
say(`nothing to complain of, in ${seconds(started)}`);

/** @param {string[]} args */
function lint(args) {
  const eslint = path.join(root, 'node_modules/eslint/bin/eslint.js');
  const everything = args.some((arg) => existsSync(path.resolve(root, arg))) ? [] : ['.'];
  return spawnSync(process.execPath, [eslint, '--max-warnings', '0', ...args, ...everything], { cwd: root, stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } });
}
