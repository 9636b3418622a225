import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, ProcessRecords, silent } from '../index.ts';

describe('the records of processes', () => {
  let folder: string;
  let started: { pid: number; end: () => void }[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekey-records-'));
    started = [];
  });
  afterEach(async () => {
    for (const { end } of started) end();
    await rm(folder, { recursive: true, force: true });
  });

  async function aProcess(): Promise<number> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    if (child.pid === undefined) throw new TypeError('a process that was spawned has a pid');
    started.push({ pid: child.pid, end: () => child.kill('SIGKILL') });
    return child.pid;
  }

  it('hold the pid alone in a file that scripts can read', async () => {
    const pid = await aProcess();
    await new ProcessRecords(folder).add('inbox', pid);
    expect(await readFile(join(folder, 'inbox.pid'), 'utf8')).toBe(`${pid}\n`);
  });

  it('leave nothing behind when removed', async () => {
    const records = new ProcessRecords(folder);
    await records.add('inbox', await aProcess());
    await records.remove('inbox');
    expect(await readdir(folder)).toEqual([]);
  });

  it('let a later start end what was left running', async () => {
    const pid = await aProcess();
    await new ProcessRecords(folder).add('inbox', pid);
    await new ProcessRecords(folder).endOrphans(silent);
    expect(isRunning(pid)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('never end another process that has the pid by now', async () => {
    const pid = await aProcess();
    await new ProcessRecords(folder).add('inbox', pid);
    await writeFile(join(folder, 'inbox.process'), JSON.stringify({ pid, birth: 'an earlier boot' }));
    await new ProcessRecords(folder).endOrphans(silent);
    expect(isRunning(pid)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave those alone that are ended by others', async () => {
    const pid = await aProcess();
    await new ProcessRecords(folder).add('postgres', pid);
    await new ProcessRecords(folder).endOrphans(silent, ['postgres']);
    expect(isRunning(pid)).toBe(true);
  });
});
