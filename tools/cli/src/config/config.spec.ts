import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rekeySaid } from '../testing/rekey-said.ts';

const variables = ['REKEY_CONFIG', 'REKEY_LOCAL', 'REKEY_HOME', 'KAFKA_BROKERS', 'A_PASSWORD'] as const;
const given = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-cli-'));
  for (const name of variables) delete process.env[name];
  process.env['REKEY_HOME'] = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of variables) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

/** @returns the name by which messages call it */
function file(toml: string, name = 'deployment.toml'): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, toml);
  return path.relative('.', whole);
}

describe('rekey config check', () => {
  it('says that a file is valid', async () => {
    const name = file('[server]\noffset = 1\n');
    expect(await rekeySaid(['config', 'check', name])).toEqual({ code: 0, out: `${name}: valid\n`, error: '' });
  });

  it('says what to know about it', async () => {
    const name = file('[keystore.primary]\nfile_name = "carbon.p12"\n[rate_limit]\nenable = false\n');
    const { code, out } = await rekeySaid(['config', 'check', name]);
    expect([code, out.split('\n')]).toEqual([0, [`${name}: valid`, `warning: ${name}: Rekey does not use these keys of WSO2 Identity Server: keystore`, expect.stringMatching(/^warning: rate_limit\.enable is false/), '']]);
  });

  it('says with what no service starts beyond loopback', async () => {
    const { code, out } = await rekeySaid(['config', 'check', file('[server]\nlisten_address = "0.0.0.0"\n')]);
    expect(code).toBe(0);
    expect(out).toContain('warning: super_admin.password is the sample password: nothing starts with it on 0.0.0.0\n');
    expect(out).toContain('warning: server.trusted_proxies is empty');
  });

  it.each([
    ['[server]\nhostnam = "a"', ':2:1: server.hostnam: there is no such key; did you mean server.hostname?\n'],
    ['[server]\n[server]', ':2:2: not valid TOML: trying to redefine an already defined table or value\n'],
    ['[server]\nhostname = "$env{NOWHERE}"', ':2:1: server.hostname: the environment variable NOWHERE is not set\n'],
  ])('names the first fault in one line, and fails: %j', async (toml, message) => {
    const name = file(toml);
    expect(await rekeySaid(['config', 'check', name])).toEqual({ code: 1, out: '', error: `${name}${message}` });
  });

  it('names a file that is not there', async () => {
    expect(await rekeySaid(['config', 'check', path.join(folder, 'none.toml')])).toEqual({ code: 1, out: '', error: `${folder}/none.toml: cannot be read (ENOENT)\n` });
  });

  it('takes a name as the person who runs it through npm wrote it', async () => {
    file('');
    const { code } = await rekeySaid(['config', 'check', 'deployment.toml'], { npm_lifecycle_event: 'rekey', INIT_CWD: folder });
    expect(code).toBe(0);
  });

  it('checks the file of REKEY_CONFIG where none is named', async () => {
    process.env['REKEY_CONFIG'] = path.join(folder, 'deployment.toml');
    const name = file('[server]\n');
    expect((await rekeySaid(['config', 'check'])).out).toBe(`${name}: valid\n`);
  });
});

describe('rekey config show', () => {
  it('prints every value as a file has it, with where it comes from, and no secret', async () => {
    process.env['A_PASSWORD'] = 'hunter2';
    process.env['KAFKA_BROKERS'] = 'one:9092';
    process.env['REKEY_LOCAL'] = path.join(folder, 'local.toml');
    const local = file('[keys.signing]\n[database.identity_db]\nname = "a"\nusername = "b"\npassword = "hunter2"\n', 'local.toml');
    const name = file('[super_admin]\npassword = "$env{A_PASSWORD}"\n[[event_listener]]\nid = "curfew"\norder = 60\nmodule = "@example/curfew"\nproperties = { from = "22:00" }\n');
    const { code, out } = await rekeySaid(['config', 'show', name]);
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/ {2,}# /, '  # '));
    const inOrder = (wanted: readonly string[]) => expect(lines.filter((line) => wanted.includes(line))).toEqual(wanted);
    inOrder(['[super_admin]', 'username = "admin"  # default', `password = "********"  # ${name}:2:1, from $env{A_PASSWORD}`]);
    inOrder(['[kafka]', 'brokers = [ "one:9092" ]  # KAFKA_BROKERS']);
    inOrder(['[database.identity_db]', `name = "a"  # ${local}:3:1`, `password = "********"  # ${local}:5:1`]);
    inOrder(['[[event_listener]]', `id = "curfew"  # ${name}:4:1`, `module = "@example/curfew"  # ${name}:6:1`, '[event_listener.properties]', `from = "22:00"  # ${name}:7:1`]);
    inOrder(['# output_adapter.email is not set']);
    expect(out).not.toContain('hunter2');
  });

  it('prints what can be read as a file again, but for the secrets', async () => {
    const { out } = await rekeySaid(['config', 'show', file('[server]\nhostname = "id.example.com"\n')]);
    expect((await rekeySaid(['config', 'check', file(out, 'again.toml')])).code).toBe(0);
  });

  it('refuses a file that is not valid', async () => {
    expect(await rekeySaid(['config', 'show', file('[servr]')])).toMatchObject({ code: 1, out: '' });
  });
});
