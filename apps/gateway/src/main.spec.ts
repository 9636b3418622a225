import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('npm run gateway', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-gateway-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['in the file', '[server]\nlisten_address = "0.0.0.0"', []],
    ['by an option', '', ['--listen-address', '0.0.0.0']],
  ])('refuses the sample password where it is to listen beyond this machine: %s (S41)', async (_how, toml, args) => {
    const file = path.join(folder, 'deployment.toml');
    await writeFile(file, toml);
    expect(await ended(file, args)).toEqual([1, expect.stringContaining('[super_admin] still has the sample password')]);
  });

  it('tells what the file warns of', async () => {
    const file = path.join(folder, 'warned.toml');
    await writeFile(file, '[keystore]\n[rate_limit]\nenable = false');
    const [, output] = await ended(file, ['--certificate', path.join(folder, 'none.pem')]);
    expect(output).toMatch(/Rekey does not use these keys of WSO2 Identity Server: keystore.*rate_limit\.enable is false/s);
  });

  /** @returns the exit code, and all that it said */
  async function ended(file: string, args: readonly string[]): Promise<readonly [code: unknown, output: string]> {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, NODE_OPTIONS: '', REKEY_CONFIG: file, REKEY_HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as readonly unknown[];
    return [code, output];
  }
});
