// `npm run dev`: `npm start`, built and started again whenever a source changes.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import path from 'node:path';
import { prepare, root, say } from './prepare.mjs';

const settleMs = 150;

await prepare();
const { build } = await import('./build.mjs');

let program = start();
let timer;
let restarting = false;
for (const group of ['apps', 'libs']) watch(path.join(root, group), { recursive: true }, (_event, file) => changed(`${group}/${file}`));
if (existsSync(path.join(root, 'deployment.toml'))) watch(path.join(root, 'deployment.toml'), () => changed('deployment.toml'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop().then(() => process.exit(0)));

function changed(file) {
  if (!/\/src\/|\/templates\/|\/assets\/|deployment\.toml/.test(file) || file.includes('/dist/') || file.includes('node_modules')) return;
  clearTimeout(timer);
  timer = setTimeout(() => void restart(file), settleMs);
}

async function restart(file) {
  if (restarting) return changed(file);
  restarting = true;
  say(`${file} changed`);
  try {
    await build();
    await stop();
    program = start();
  } catch (error) {
    say(`not built: ${error instanceof Error ? error.message : error}`);
  } finally {
    restarting = false;
  }
}

function start() {
  return spawn(process.execPath, [path.join(root, 'apps/standalone/dist/main.js')], { cwd: root, stdio: 'inherit' });
}

function stop() {
  if (program.exitCode !== null || program.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    program.once('exit', resolve);
    program.kill('SIGTERM');
  });
}
