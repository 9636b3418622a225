import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalStackError, systemCode } from '../local-stack-error.ts';
import { createPrivateFile, makePrivateFolder, readIfPresent } from './private-file.ts';
import { identityOf, isStillRunning, parseIdentity } from './running-process.ts';

const takeoverPatienceMs = 10_000;

/**
 * Takes a data folder for this process, so that two starts never share one. A lock left by a process that no longer runs is taken over.
 *
 * @param folder made if missing
 * @param name the lock file in it
 * @returns what gives the folder back
 * @throws LocalStackError naming the folder and the pid of the process that has it
 */
export async function lockDataFolder(folder: string, name = 'lock'): Promise<() => Promise<void>> {
  await makePrivateFolder(folder);
  const file = join(folder, name);
  const mine = JSON.stringify(identityOf(process.pid));
  for (;;) {
    if (await createPrivateFile(file, mine)) return () => rm(file, { force: true });
    const holder = parseIdentity(await readIfPresent(file));
    if (holder !== undefined && isStillRunning(holder)) {
      throw new LocalStackError(`the data folder ${folder} is in use by process ${holder.pid}: stop it, or set REKEY_HOME to another folder`);
    }
    await removeStale(file);
  }
}

/** Only one process at a time may remove, and it looks again first: else a slow one would remove the lock that a quick one has just made. */
async function removeStale(file: string): Promise<void> {
  const turn = `${file}.takeover`;
  try {
    await mkdir(turn);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    const since = await stat(turn).catch(() => undefined);
    if (since !== undefined && Date.now() - since.mtimeMs > takeoverPatienceMs) await rmdir(turn).catch(() => {});
    await pause(20);
    return;
  }
  try {
    const content = await readIfPresent(file);
    const holder = parseIdentity(content);
    if (content !== undefined && (holder === undefined || !isStillRunning(holder))) await rm(file, { force: true });
  } finally {
    await rmdir(turn).catch(() => {});
  }
}
