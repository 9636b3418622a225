import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** Published and read back, by what the package exports. */
const program = `
import { generateKeyPairSync } from 'node:crypto';
import { EventPublisher, EventReader, passwordRecoveryRequested, throughKafka, type KafkaProducer } from '@rekey/events';

const key = (type: 'ed25519' | 'x25519') => generateKeyPairSync(type as 'ed25519');
const [signing, sealing] = [key('ed25519'), key('x25519')];
const sent: Parameters<KafkaProducer['send']>[0][] = [];
const publisher = new EventPublisher({
  source: 'urn:example:portal',
  signingKey: { ...signing.privateKey.export({ format: 'jwk' }), kid: 'signing' },
  sealingKey: { kty: 'OKP', ...sealing.publicKey.export({ format: 'jwk' }), kid: 'sealing' },
  transport: throughKafka({ send: async (batch) => sent.push(batch) }),
});
await publisher.publish(passwordRecoveryRequested({
  user: { id: '6f1c2e9a-3b57-4d0e-9a55-0d6a4c1e7b21', username: 'kim', realm: 'PRIMARY', tenantDomain: 'carbon.super' },
  recipient: { address: 'kim@example.com', locale: 'en_US', claims: {} },
  secret: 'the key', generation: 1, linkBase: 'https://portal.example.com/reset', expiresAt: '2026-11-25T11:00:00Z',
}));
// @ts-expect-error A request without a secret: the types are there.
const wrong: Parameters<typeof passwordRecoveryRequested>[0] = { generation: 1 };
const reader = new EventReader([{ source: 'urn:example:portal', publicKey: { ...signing.publicKey.export({ format: 'jwk' }), kid: 'signing' }, linkBases: ['https://portal.example.com'] }]);
const message = sent[0]?.messages[0];
const result = message ? reader.read(message) : null;
if (result?.kind === 'event' && result.event.type === 'PasswordRecoveryRequested') console.log(result.event.data.user.username);
`;

let folder: string;
let packed: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekey-package-'));
  await run('npm', ['pack', '--silent', '--workspace', 'libs/events', '--pack-destination', folder], { cwd: root });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  packed = path.join(folder, 'node_modules/@rekey/events');
  await mkdir(packed, { recursive: true });
  await run('tar', ['-xzf', path.join(folder, tarball), '-C', packed, '--strip-components=1']);
  // What npm would install beside it.
  for (const name of ['jose', 'zod', '@types']) await symlink(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(folder, 'publish.ts'), program);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package @rekey/events, packed and unpacked in an empty folder', () => {
  it('has the code, its types, the schemas and a README, and neither tests nor sources', async () => {
    expect((await readdir(packed)).sort()).toEqual(['README.md', 'dist', 'package.json', 'schemas']);
    const files = await readdir(path.join(packed, 'dist'));
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts']));
    expect(files.filter((name) => !/\.(js|d\.ts)$/.test(name))).toEqual([]);
  });

  it('type-checks a publisher and runs it', async () => {
    const options = ['--strict', '--skipLibCheck', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), ...options, 'publish.ts'], { cwd: folder });
    expect((await run(process.execPath, ['publish.js'], { cwd: folder })).stdout).toBe('kim\n');
  }, 120_000);
});
