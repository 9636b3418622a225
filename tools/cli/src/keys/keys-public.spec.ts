import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { generateKeys, localDefaults, localKeys, localPorts, type LocalKeys } from '@rekey/local-stack';
import { rekeySaid } from '../testing/rekey-said.ts';

let folder: string;
let keys: LocalKeys;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-public-'));
  keys = await generateKeys();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(toml: string): string {
  const file = path.join(folder, 'deployment.toml');
  writeFileSync(file, toml);
  return file;
}

describe('rekey keys public', () => {
  it('prints what the examples read of a Rekey that runs here, and nothing secret', async () => {
    const local = localDefaults({ ports: localPorts(0), keys, identityDatabase: null, notificationDatabase: null, baseUrl: 'https://localhost:9443', mailCatcher: false, brokers: [] });
    const { code, out } = await rekeySaid(['keys', 'public', written(local)]);
    expect([code, parseEnv(out)]).toEqual([0, { REKEY_SEALING_KEY: JSON.stringify(keys.sealing.publicKey), REKEY_VERIFYING_KEY: JSON.stringify(keys.signing.publicKey) }]);
    for (const { privateKey } of [keys.sealing, keys.signing]) expect(out).not.toContain(privateKey.d);
  });

  it('prints those of an `npm start`, which no file names', async () => {
    const { REKEY_HOME: home, REKEY_CONFIG: config } = process.env;
    Object.assign(process.env, { REKEY_HOME: folder, REKEY_CONFIG: written('') });
    try {
      expect((await rekeySaid(['keys', 'public'])).code).toBe(1);
      const made = await localKeys(folder);
      expect(parseEnv((await rekeySaid(['keys', 'public'])).out)).toEqual({ REKEY_SEALING_KEY: JSON.stringify(made.sealing.publicKey), REKEY_VERIFYING_KEY: JSON.stringify(made.signing.publicKey) });
    } finally {
      for (const [name, value] of Object.entries({ REKEY_HOME: home, REKEY_CONFIG: config })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('prints the notification service’s newest key, and nobody else’s', async () => {
    const newer = await generateKeys();
    const publisher = (source: string, { signing }: LocalKeys) => `[[event_publisher]]\nsource = "${source}"\npublic_key = '${JSON.stringify(signing.publicKey)}'\n`;
    const service = 'urn:rekey:notification-service';
    const file = written(`${publisher(service, keys)}${publisher(service, newer)}${publisher('urn:example:portal', await generateKeys())}[keys.sealing]\npublic_key = '${JSON.stringify(keys.sealing.publicKey)}'\n`);
    expect(parseEnv((await rekeySaid(['keys', 'public', file])).out)).toMatchObject({ REKEY_VERIFYING_KEY: JSON.stringify(newer.signing.publicKey) });
  });

  it('names what is missing', async () => {
    const file = written('');
    expect(await rekeySaid(['keys', 'public', file])).toEqual({ code: 1, out: '', error: expect.stringMatching(/deployment\.toml: there is no public_key of \[keys\.sealing\]: start Rekey here, or name the file of a deployment\n$/) });
  });
});
