import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const somewhere = `
  [database.notification_db]
  hostname = "127.0.0.1"
  port = 1
  name = "nowhere"
  username = "nobody"
  password = "nothing"
  [kafka]
  brokers = ["127.0.0.1:1"]`;

describe('npm run start:notification-service', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-notification-'));
    await writeFile(path.join(folder, 'deployment.toml'), somewhere);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** @returns what it said and its exit code, where it does not start */
  function refusal(...args: string[]): Promise<{ output: string; code: unknown }> {
    const env = { PATH: process.env['PATH'], REKEY_CONFIG: path.join(folder, 'deployment.toml'), REKEY_HOME: path.join(folder, 'home') };
    return new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env, timeout: 20_000 }, (error, output, errors) => resolve({ output: output + errors, code: error?.code }));
    });
  }

  it.each([[['--port', 'http']], [['--port=http']]])('takes its port from %j, in either spelling', async (args) => {
    const { output, code } = await refusal(...args);
    expect([code, output]).toEqual([1, expect.stringContaining('--port must be a port from 0 to 65535, not \\"http\\"')]);
  });

  it('does not start without a sealing or a signing key', async () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const sealing = `[keys.sealing]\nprivate_keys = ['${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'sealing-1' })}']`;
    const relay = '[output_adapter.email]\nhostname = "127.0.0.1"\nfrom_address = "a@b.test"\nenable_authentication = false';
    for (const [toml, missing] of [[relay, '[keys.sealing] private_keys is missing'], [`${relay}\n${sealing}`, '[keys.signing] private_key is missing']]) {
      await writeFile(path.join(folder, 'deployment.toml'), `${somewhere}\n${toml}`);
      const { output, code } = await refusal('--port', '0');
      expect([code, output]).toEqual([1, expect.stringContaining(missing ?? '')]);
      expect(output).toContain('npm run rekey -- keys new makes keys');
    }
  });
});
