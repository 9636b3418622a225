// The module-boundary rule reads Nx's cached project graph, and passes everything where there is none: no graph, no linting.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const groups = ['apps', 'libs', 'tools'];

/**
 * Makes the graph anew from the package.json files.
 * @throws {Error} where Nx fails, or leaves a package out
 */
export function makeProjectGraph() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-graph-'));
  try {
    const file = path.join(folder, 'graph.json');
    const nx = path.join(root, 'node_modules/nx/dist/bin/nx.js');
    const made = spawnSync(process.execPath, [nx, 'graph', `--file=${file}`], { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } });
    if (made.status !== 0) throw new Error(`no project graph: nx graph failed\n${made.stdout ?? ''}${made.stderr ?? ''}${made.error?.message ?? ''}`);
    requireEveryPackage(JSON.parse(readFileSync(file, 'utf8')).graph.nodes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * For whatever starts ESLint: better no answer than one without the boundaries.
 * @throws {Error} where no graph that the rule can read is cached
 */
export function requireProjectGraph() {
  const ruleRequire = createRequire(import.meta.resolve('@nx/eslint-plugin'));
  let graph;
  try {
    graph = ruleRequire('@nx/devkit').readCachedProjectGraph();
  } catch (error) {
    throw new Error('no project graph, without which the module boundaries are not checked: `npm run lint` makes it, or `npx nx graph --file=tmp/graph.json`', { cause: error });
  }
  requireEveryPackage(graph.nodes);
}

/** @param {Record<string, { data: { root: string } }>} nodes */
function requireEveryPackage(nodes) {
  const known = new Set(Object.values(nodes).map(({ data }) => data.root));
  const missing = packageFolders().filter((folder) => !known.has(folder));
  if (missing.length > 0) throw new Error(`the project graph does not know ${missing.join(', ')}: run \`npm run lint\``);
}

function packageFolders() {
  const folders = groups.flatMap((group) => readdirSync(path.join(root, group)).map((name) => `${group}/${name}`));
  return folders.filter((folder) => readdirSync(path.join(root, folder)).includes('package.json'));
}
