import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** What a service needs beside the keys, none of it reachable. */
const somewhere = `
  [database.identity_db]
  hostname = "127.0.0.1"
  port = 1
  name = "nowhere"
  username = "nobody"
  password = "nothing"
  [kafka]
  brokers = ["127.0.0.1:1"]`;
const forEveryone = '[server]\nlisten_address = "0.0.0.0"\n';
const ownPassword = '[super_admin]\npassword = "one that nobody knows"\n';

describe('npm run start:recovery-service, beyond the local modes, refuses to start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rekey-recovery-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** @returns what it logged, where it does not start */
  async function refusal(toml: string, ...args: string[]): Promise<string[]> {
    const file = path.join(folder, 'deployment.toml');
    await writeFile(file, `${toml}\n${somewhere}`);
    const env = { PATH: process.env['PATH'], REKEY_CONFIG: file, REKEY_HOME: path.join(folder, 'home') };
    const { output, code } = await new Promise<{ output: string; code: unknown }>((resolve) => {
      execFile(process.execPath, [main, ...args], { env, timeout: 20_000 }, (error, out, errors) => resolve({ output: out + errors, code: error?.code }));
    });
    expect(code).toBe(1);
    return output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)).filter(({ level }) => level >= 60).map(({ msg }) => msg);
  }

  it('on the sample password', async () => {
    expect(await refusal(forEveryone)).toEqual(['[super_admin] still has the sample password, which is only taken on loopback: set another one']);
  });

  it('on plain HTTP without a gateway that it knows of, whichever way the address is given', async () => {
    const line = 'this service speaks plain HTTP, and 0.0.0.0 is no loopback address: name the gateway before it, which does TLS, in [server] trusted_proxies, or listen on 127.0.0.1';
    expect(await refusal(forEveryone + ownPassword)).toEqual([line]);
    expect(await refusal(ownPassword, '--listen-address', '0.0.0.0')).toEqual([line]);
  });

  it('without a sealing or a signing key', async () => {
    const { publicKey } = generateKeyPairSync('x25519');
    const sealing = `[keys.sealing]\npublic_key = '${JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: 'sealing-1' })}'\n`;
    const behindGateway = `${forEveryone}trusted_proxies = ["10.9.8.0/24"]\n${ownPassword}`;
    expect(await refusal(behindGateway)).toEqual(['deployment.toml: [keys.sealing] public_key is missing: keys in links travel sealed to the notification service (npm run rekey -- keys new makes keys)']);
    expect(await refusal(behindGateway + sealing)).toEqual(['deployment.toml: [keys.signing] private_key is missing: this service signs the events it publishes (npm run rekey -- keys new makes keys)']);
  });
});
