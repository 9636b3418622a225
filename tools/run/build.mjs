// Builds every package whose sources are newer than what was built from them: TypeScript by SWC, the web apps by Vite.
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, say, seconds } from './prepare.mjs';

const compilerSettings = ['.swcrc', 'package-lock.json'];
const webApps = ['apps/my-account', 'apps/console'];
/** What both are made of: bundled with them. */
const webLibrary = 'libs/web';

/** @param {{ web?: boolean }} options `web: false` leaves the web apps out */
export async function build({ web = true } = {}) {
  const started = Date.now();
  const packages = await packageFolders();
  const built = (await Promise.all(packages.map(compileIfOutdated))).filter(Boolean);
  for (const app of web ? webApps : []) if (await bundleIfOutdated(app)) built.push(app);
  if (built.length > 0) say(`built ${built.length === 1 ? built[0] : `${built.length} packages`} in ${seconds(started)}`);
}

async function packageFolders() {
  const groups = await Promise.all(['libs', 'apps', 'tools'].map(async (group) => (await readdir(path.join(root, group))).map((name) => `${group}/${name}`)));
  const folders = groups.flat().filter((folder) => ![...webApps, webLibrary].includes(folder));
  const present = await Promise.all(folders.map(async (folder) => ((await modifiedAt(path.join(root, folder, 'src'))) > 0 ? folder : null)));
  return present.filter((folder) => folder !== null);
}

/** @param {string} folder @returns {Promise<string | null>} the folder, where it was compiled */
async function compileIfOutdated(folder) {
  const [source, target] = [path.join(root, folder, 'src'), path.join(root, folder, 'dist')];
  const files = (await filesBelow(source)).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  if (files.length === 0) return null;
  if (!(await outdated(target, files.concat(compilerSettings.map((file) => path.join(root, file)))))) return null;
  const { transformFile } = await import('@swc/core');
  await rm(target, { recursive: true, force: true });
  await Promise.all(
    files.map(async (file) => {
      const output = path.join(target, path.relative(source, file).replace(/\.ts$/, '.js'));
      const { code, map } = await transformFile(file, { configFile: path.join(root, '.swcrc'), sourceFileName: path.relative(path.dirname(output), file) });
      await mkdir(path.dirname(output), { recursive: true });
      await writeFile(output, `${code}\n//# sourceMappingURL=${path.basename(output)}.map\n`);
      if (map) await writeFile(`${output}.map`, map);
    }),
  );
  await stamp(target);
  return folder;
}

/** @param {string} app */
async function bundleIfOutdated(app) {
  const folder = path.join(root, app);
  const target = path.join(folder, 'dist');
  const written = (await Promise.all([path.join(folder, 'src'), path.join(folder, 'public'), path.join(root, webLibrary)].map(filesBelow))).flat().filter((file) => !file.includes(`${path.sep}generated${path.sep}`));
  const sources = [...written, path.join(folder, 'index.html'), path.join(folder, 'vite.config.ts'), path.join(root, 'package-lock.json')];
  if (!(await outdated(target, sources))) return false;
  say(`building ${app} …`);
  const { build: bundle } = await import('vite');
  await bundle({ root: folder, configFile: path.join(folder, 'vite.config.ts'), logLevel: 'warn' });
  await stamp(target);
  return true;
}

/** A build that was cut off has no stamp, and is done again. @param {string} target @param {readonly string[]} sources */
export async function outdated(target, sources) {
  const builtAt = await modifiedAt(path.join(target, '.built'));
  if (builtAt === 0) return true;
  const dates = await Promise.all(sources.map(modifiedAt));
  return Math.max(...dates) > builtAt;
}

/** @param {string} target */
export async function stamp(target) {
  const file = path.join(target, '.built');
  await writeFile(file, '');
  await utimes(file, new Date(), new Date());
}

/** @returns {Promise<number>} 0 where there is no such file */
async function modifiedAt(file) {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** @returns {Promise<string[]>} */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
