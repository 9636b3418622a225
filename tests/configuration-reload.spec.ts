import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@rekey/test-kit';
import { InboxClient, keyOf } from './testing/inbox-client.ts';
import { isRunning } from './testing/started-program.ts';
import { startRekey, type StartedRekey } from './testing/started-rekey.ts';

/** Two rules for passwords, no number of which is the other's. */
const shortOnes = 'min_length = 8\nmax_length = 64';
const longOnes = 'min_length = 15\nmax_length = 128';

describe('a deployment.toml that changes while Rekey runs (F46)', () => {
  let rekey: StartedRekey;
  let file: string;
  /** With the short rule. */
  let asStarted: string;
  let key: string;

  beforeAll(async () => {
    rekey = await startRekey({ edits: [['min_length = 8', shortOnes]] });
    file = path.join(path.dirname(rekey.home), 'deployment.toml');
    asStarted = await readFile(file, 'utf8');
    await fetch(`${rekey.httpUrl}/api/rekey/v1/recovery`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'kim' }) });
    key = keyOf(await new InboxClient(rekey.inboxUrl).firstMailTo('kim@example.com'));
  }, 90_000);
  afterAll(() => rekey.stop());
  afterEach(() => ruleBecomes(asStarted, '8–64'));

  const withLongOnes = () => asStarted.replace(shortOnes, longOnes);
  const logged = (pattern: RegExp) => rekey.output().split('\n').filter((line) => pattern.test(line));

  /** What a person with a link is told of the rule: `least–most`. */
  async function rule(): Promise<string> {
    const answer = await fetch(`${rekey.httpUrl}/api/rekey/v1/recovery/key`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) });
    const { passwordPolicy } = (await answer.json()) as { passwordPolicy: { minLength: number; maxLength: number } };
    return `${passwordPolicy.minLength}–${passwordPolicy.maxLength}`;
  }

  async function ruleBecomes(toml: string, expected: string): Promise<void> {
    await writeFile(file, toml);
    await until(async () => (await rule()) === expected);
  }

  it('counts soon, without a restart', async () => {
    expect(await rule()).toBe('8–64');
    await ruleBecomes(withLongOnes(), '15–128');
    expect(isRunning(rekey.pid)).toBe(true);
  });

  it('is kept out where it is not valid, with one line that names the place, and no answer is lost', async () => {
    for (const wrong of [`${withLongOnes()}\n[servr]\n`, `${withLongOnes()}\n[server`, withLongOnes().slice(0, withLongOnes().indexOf(longOnes) + longOnes.length - 1).concat('"')]) {
      const before = logged(/stays in force/).length;
      await writeFile(file, wrong);
      await until(async () => logged(/stays in force/).length > before);
      expect(await rule()).toBe('8–64');
    }
    for (const line of logged(/stays in force/)) expect(line).toMatch(/deployment\.toml:\d+:\d+: /);
  });

  it('never shows half of one rule and half of another, at ten changes a second', async () => {
    const seen = new Set<string>();
    let isWriting = true;
    const asking = (async () => {
      while (isWriting) seen.add(await rule());
    })();
    for (let round = 0; round < 30; round++) {
      await writeFile(file, round % 2 === 0 ? withLongOnes() : asStarted);
      await pause(100);
    }
    isWriting = false;
    await asking;
    expect([...seen].filter((one) => !['15–128', '8–64'].includes(one))).toEqual([]);
  });

  it('is read again at a SIGHUP, which ends nothing', async () => {
    const before = logged(/says what is in force/).length;
    process.kill(rekey.pid, 'SIGHUP');
    await until(async () => logged(/says what is in force/).length > before);
    expect(await rule()).toBe('8–64');
  });

  it('names what counts from the next start on, and applies the rest', async () => {
    const moved = withLongOnes().replace(/^offset = .*$/m, 'offset = 4321').replace('password = "admin"', 'password = "hunter2-hunter2"');
    await ruleBecomes(moved, '15–128');
    expect(logged(/counts from the next start on/)).toEqual([expect.stringContaining('[server] or [transport], [super_admin] changed')]);
    expect(rekey.output()).not.toContain('hunter2');
  });

  it('is kept out where a listener that it names cannot be loaded', async () => {
    await writeFile(path.join(path.dirname(file), 'curfew.mjs'), `throw new Error('closed');`);
    await writeFile(file, `${withLongOnes()}\n[[event_listener]]\nid = "curfew"\norder = 60\nmodule = "./curfew.mjs"\n`);
    await until(async () => logged(/curfew.*stays in force/).length > 0);
    expect(await rule()).toBe('8–64');
  });
});
