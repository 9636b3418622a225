import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { anSmtpSink, type SmtpSink } from '@rekey/test-kit';
import { rekeySaid } from '../testing/rekey-said.ts';

describe('rekey relays test', () => {
  let folder: string;
  let sink: SmtpSink;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-relays-'));
    sink = await anSmtpSink({ keepDialogue: true, credentials: { username: 'rekey', password: 'relay secret' } });
  });
  afterAll(async () => {
    await sink.close();
    rmSync(folder, { recursive: true });
  });

  /** Two relays, of which the second has the password given. */
  function file(password: string): string {
    const name = path.join(folder, 'deployment.toml');
    const at = `hostname = "127.0.0.1"\nport = ${sink.port}\nusername = "rekey"\n`;
    writeFileSync(name, `[output_adapter.email]\nname = "main"\nfrom_address = "a@b.test"\nenable_start_tls = false\n${at}password = "relay secret"\n[[output_adapter.email.relay]]\nname = "backup"\ntls = "none"\n${at}password = "${password}"\n`);
    return name;
  }

  it('shows what each relay says until a mail could be sent, without passwords, and sends none', async () => {
    const { code, out, error } = await rekeySaid(['relays', 'test', file('relay secret')]);
    expect([code, error]).toEqual([0, '']);
    const lines = out.split('\n').map((line) => line.replace(/^ *\d+ ms +/, '').replace(/ {2,}/g, ' '));
    expect(lines.slice(0, 3)).toEqual([`main: 127.0.0.1:${sink.port}, priority 1, tls none`, `network connected to 127.0.0.1 port ${sink.port}`, expect.stringMatching(/^relay 220 /)]);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^client EHLO /), 'client AUTH PLAIN …', expect.stringMatching(/^relay 235 /), 'client QUIT', ' works', `backup: 127.0.0.1:${sink.port}, priority 2, tls none`]));
    expect(out).not.toContain('relay secret');
    expect(sink.dialogue.filter((line) => /^C: (MAIL|RCPT|DATA)/.test(line))).toEqual([]);
  });

  it('names those that cannot be used, and why', async () => {
    const { code, out, error } = await rekeySaid(['relays', 'test', file('a wrong secret')]);
    expect([code, error]).toEqual([1, 'cannot be used: backup\n']);
    expect(out).toMatch(/\n {2}works\n\nbackup: [^]*\n {2}cannot be used: auth: 535 /);
    expect(out).not.toContain('a wrong secret');
  });

  it('talks to one of them alone, where it is named', async () => {
    const name = file('a wrong secret');
    expect(await rekeySaid(['relays', 'test', '--relay', 'main', name])).toMatchObject({ code: 0, error: '' });
    expect(await rekeySaid(['relays', 'test', '--relay', 'mian', name])).toMatchObject({ code: 1, error: expect.stringContaining('there is no relay "mian": there are main, backup') });
  });

  it('has nothing to talk to where the file names no relay', async () => {
    const name = path.join(folder, 'empty.toml');
    writeFileSync(name, '');
    expect(await rekeySaid(['relays', 'test', name])).toMatchObject({ code: 1, error: expect.stringContaining('there is no [output_adapter.email]') });
  });
});
