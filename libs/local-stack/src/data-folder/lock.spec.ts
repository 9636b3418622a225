import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, lockDataFolder } from '../index.ts';

describe('locking a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekey-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets exactly one of twenty racers win, and tells the others its pid', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(String(refusal?.reason)).toBe(`LocalStackError: the data folder ${folder} is in use by process ${process.pid}: stop it, or set REKEY_HOME to another folder`);
  });

  it('can be taken again when given back', async () => {
    await (await lockDataFolder(folder))();
    await expect(lockDataFolder(folder)).resolves.toBeInstanceOf(Function);
  });

  it('is refused while another process has it, and taken over when that was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(other, 'spawn');
    await writeFile(join(folder, 'lock'), JSON.stringify(identityOf(Number(other.pid))));
    await expect(lockDataFolder(folder)).rejects.toThrow(`in use by process ${other.pid}`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await expect(lockDataFolder(folder)).resolves.toBeInstanceOf(Function);
  });

  it.each([
    ['a process whose pid has come back', JSON.stringify({ pid: process.pid, birth: 'before the last boot' })],
    ['nothing that can be read', '{"pid":'],
  ])('is taken over from %s, by one of twenty racers', async (_, content) => {
    await writeFile(join(folder, 'lock'), content);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
