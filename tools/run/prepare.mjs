// Makes a checkout ready to run: right Node, packages installed, everything built. Needs nothing but Node, and does only what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const oldestNode = [20, 19];

/** What goes on, not what a program answers: that may be on its way into a file. @param {string} line */
export function say(line) {
  process.stderr.write(`rekey  ${line}\n`);
}

/** One clear line, and the exit code that says so. @param {string} line @returns {never} */
export function fail(line) {
  process.stderr.write(`rekey  ${line}\n`);
  process.exit(1);
}

/** @param {{ web?: boolean }} options `web: false` where no page is looked at */
export async function prepare(options) {
  requireNode();
  install();
  const { build } = await import('./build.mjs');
  await build(options);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) fail(`needs Node ${oldestNode.join('.')} or newer, this is ${process.versions.node}`);
}

/** npm writes node_modules/.package-lock.json last: an install that was cut off is done again. */
function install() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && sameLock(lock, installed)) return;
  say('installing packages (about half a minute, only now and after updates) …');
  const started = Date.now();
  const npm = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  const result = spawnSync(npm[0], [...npm[1], 'ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root, stdio: ['inherit', process.stderr, 'inherit'] });
  if (result.status !== 0) fail('npm ci failed: see above; is the package registry reachable?');
  say(`installed in ${seconds(started)}`);
}

/** A fresh checkout has newer dates than what was installed from the same lock file. */
function sameLock(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([name, { version, link, optional }]) => name === '' || link || !name.startsWith('node_modules/') || optional || present[name]?.version === version);
}

/** @param {number} since */
export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
