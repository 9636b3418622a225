import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface Finding {
  readonly rule: string | null;
  readonly message: string;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const boundaries = '@nx/enforce-module-boundaries';

/** What the linter says of each text, were it in its file. */
function findingsOf(texts: readonly { file: string; text: string }[]): Finding[][] {
  const lint = path.join(root, 'tests/testing/lint-texts.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [lint], { cwd: root, input: JSON.stringify(texts), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Finding[][]; // as the script writes it
}

const imports = (name: string) => `export * from '${name}';\n`;

const refused = [
  { what: 'the notification service importing identity', file: 'apps/notification-service/src/x.ts', text: imports('@rekey/identity'), rule: boundaries, message: /"scope:notification-service" can not depend on libs tagged with "scope:identity"/ },
  { what: 'the notification service importing governance', file: 'apps/notification-service/src/x.ts', text: imports('@rekey/governance'), rule: boundaries, message: /"scope:notification-service" can not depend on/ },
  { what: 'the notification service importing identity lazily', file: 'apps/notification-service/src/x.ts', text: "export const users = import('@rekey/identity');\n", rule: boundaries, message: /"scope:notification-service" can not depend on/ },
  { what: 'even a test of the notification service importing identity', file: 'apps/notification-service/src/x.spec.ts', text: imports('@rekey/identity'), rule: boundaries, message: /"scope:notification-service" can not depend on/ },
  { what: 'an app importing another', file: 'apps/recovery-service/src/x.ts', text: imports('@rekey/inbox'), rule: boundaries, message: /"type:app" can only depend on libs tagged with "type:lib"/ },
  { what: 'an app reaching into another by path', file: 'apps/recovery-service/src/x.ts', text: imports('../../inbox/src/mail.ts'), rule: boundaries, message: /cannot be imported by a relative or absolute path/ },
  { what: 'standalone importing the gateway', file: 'apps/standalone/src/x.ts', text: imports('@rekey/gateway'), rule: boundaries, message: /"type:composition" can only depend on/ },
  { what: 'a lib importing an app', file: 'libs/identity/src/x.ts', text: imports('@rekey/recovery-service'), rule: boundaries, message: /Circular dependency|"type:lib" can only depend on/ },
  { what: 'events importing another lib', file: 'libs/events/src/x.ts', text: imports('@rekey/observability'), rule: boundaries, message: /"scope:events" cannot depend on any libs/ },
  { what: 'libs that import each other', file: 'libs/identity/src/x.ts', text: imports('@rekey/governance'), rule: boundaries, message: /Circular dependency between "@rekey\/identity" and "@rekey\/governance"/ },
  { what: 'a service starting the local database', file: 'apps/recovery-service/src/x.ts', text: imports('@rekey/local-stack'), rule: boundaries, message: /"type:app" can only depend on/ },
  { what: 'a service using the test kit', file: 'apps/recovery-service/src/x.ts', text: imports('@rekey/test-kit'), rule: boundaries, message: /"type:app" can only depend on/ },
  { what: 'kafkajs outside messaging', file: 'apps/recovery-service/src/x.ts', text: imports('kafkajs'), rule: boundaries, message: /is not allowed to import "kafkajs"/ },
  { what: 'argon2 outside identity', file: 'libs/governance/src/x.ts', text: imports('@node-rs/argon2'), rule: boundaries, message: /is not allowed to import "@node-rs\/argon2"/ },
  { what: 'a package that package.json does not name', file: 'libs/events/src/x.ts', text: imports('typeorm'), rule: boundaries, message: /Only packages defined in the "package.json" can be imported/ },
  { what: 'scrypt outside identity', file: 'libs/governance/src/x.ts', text: "export { scryptSync } from 'node:crypto';\n", rule: 'no-restricted-imports', message: /Only identity hashes passwords/ },
  { what: 'the environment read outside deployment-config', file: 'apps/recovery-service/src/x.ts', text: "export const home = process.env['REKEY_HOME'];\n", rule: 'no-restricted-properties', message: /Only deployment-config reads the environment/ },
  { what: 'the environment imported outside deployment-config', file: 'libs/identity/src/x.ts', text: "export { env } from 'node:process';\n", rule: 'no-restricted-imports', message: /Only deployment-config reads the environment/ },
  { what: 'TOML read outside deployment-config', file: 'libs/local-stack/src/x.ts', text: "export { parse } from 'smol-toml';\n", rule: 'no-restricted-imports', message: /Only deployment-config reads configuration files/ },
  { what: 'a rule put aside without a reason', file: 'libs/events/src/x.ts', text: '// eslint-disable-next-line no-console\nconsole.info(1);\n', rule: 'rekey/reasoned-disable', message: /Say why/ },
  { what: 'rules put aside for a whole file', file: 'libs/events/src/x.ts', text: '/* eslint-disable no-console -- because */\nconsole.info(1);\n', rule: 'rekey/reasoned-disable', message: /for one line/ },
];

const allowed = [
  { what: 'a service importing its libs', file: 'apps/recovery-service/src/x.ts', text: ['deployment-config', 'events', 'governance', 'identity', 'messaging', 'observability'].map((lib) => imports(`@rekey/${lib}`)).join('') },
  { what: 'standalone composing the services and the inbox', file: 'apps/standalone/src/x.ts', text: ['recovery-service', 'notification-service', 'inbox', 'local-stack'].map((name) => imports(`@rekey/${name}`)).join('') },
  { what: 'kafkajs in messaging', file: 'libs/messaging/src/x.ts', text: imports('kafkajs') },
  { what: 'kafkajs in a test', file: 'apps/notification-service/src/x.spec.ts', text: imports('kafkajs') },
  { what: 'argon2 in identity', file: 'libs/identity/src/x.ts', text: imports('@node-rs/argon2') },
  { what: 'the test kit in a test', file: 'libs/identity/src/x.spec.ts', text: imports('@rekey/test-kit') },
  { what: 'the environment in deployment-config', file: 'libs/deployment-config/src/x.ts', text: "export const home = process.env['REKEY_HOME'];\n" },
];

describe('the boundaries of modules', () => {
  const found = new Map<string, Finding[]>();

  beforeAll(() => {
    const texts = [...refused, ...allowed];
    findingsOf(texts).forEach((findings, index) => found.set(texts[index]!.what, findings));
  }, 120_000);

  it.each(refused)('refuse $what', ({ what, rule, message }) => {
    expect(found.get(what)).toContainEqual({ rule, message: expect.stringMatching(message) });
  });

  it.each(allowed)('allow $what', ({ what }) => {
    expect(found.get(what)).toEqual([]);
  });

  it('know what each package is: it has one type, and its own name as its scope', () => {
    const folders = ['apps', 'libs', 'tools'].flatMap((group) => readdirSync(path.join(root, group)).map((name) => ({ name, folder: path.join(root, group, name) })));
    const packages = folders.filter(({ folder }) => readdirSync(folder).includes('package.json'));
    for (const { name, folder } of packages) {
      const { nx } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { nx?: unknown };
      expect({ name, nx }).toEqual({ name, nx: { tags: [expect.stringMatching(/^type:(?:app|composition|web|lib|local|test|tool|bench)$/), `scope:${name}`] } });
    }
  });
});
