// Folders of one package whose files import each other's, by whatever way round: none of them can be read without the others.
// What stands in `src` itself puts the folders together, and tests go where they like: neither counts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const groups = ['apps', 'libs', 'tools'];
const source = /^(?!.*\.spec\.)(?!.*\btesting\/).+\/.+\.tsx?$/;
const relativeImport = /\bfrom '(\.[^']+)'/g;

/** @returns {string[]} `package: folder → folder → folder`, one for each import that leads back */
export function folderCycles() {
  const packages = groups.flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(group, name)));
  return packages.flatMap((name) => cyclesIn(importsBetweenFolders(path.join(root, name, 'src'))).map((cycle) => `${name}: ${cycle.join(' → ')}`));
}

/** @param {string} src @returns {Map<string, Set<string>>} by folder, those that its files import from */
function importsBetweenFolders(src) {
  const imports = new Map();
  for (const file of filesIn(src)) {
    const folder = path.dirname(file);
    const targets = [...readFileSync(path.join(src, file), 'utf8').matchAll(relativeImport)].map(([, target]) => path.dirname(path.join(folder, target)));
    imports.set(folder, new Set([...(imports.get(folder) ?? []), ...targets.filter((target) => target !== folder && target !== '.')]));
  }
  return imports;
}

function filesIn(src) {
  try {
    return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => source.test(file));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** @param {Map<string, Set<string>>} imports @returns {string[][]} the way from a folder back to it */
function cyclesIn(imports) {
  const cycles = [];
  const seen = new Set();
  const follow = (folder, way) => {
    const began = way.indexOf(folder);
    if (began >= 0) cycles.push([...way.slice(began), folder]);
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const next of imports.get(folder) ?? []) follow(next, [...way, folder]);
  };
  for (const folder of imports.keys()) follow(folder, []);
  return cycles;
}
