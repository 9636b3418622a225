import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from '../data-folder/end-process.ts';
import { readIfPresent } from '../data-folder/private-file.ts';
import { isRunning } from '../data-folder/running-process.ts';
import { LocalStackError } from '../local-stack-error.ts';
import type { LocalStackLog } from '../local-stack-log.ts';

/**
 * Ends a PostgreSQL that outlived the process which started it, and clears the pid file of one that did not end by itself. Call it only
 * with the data folder locked: whatever then runs in it has no owner.
 */
export async function endOrphan(directory: string, log: LocalStackLog): Promise<void> {
  const pidFile = join(directory, 'postmaster.pid');
  const pid = Number.parseInt((await readIfPresent(pidFile)) ?? '', 10);
  if (!Number.isInteger(pid)) return;
  if (isRunning(pid) && (await isPostgresIn(directory, pid))) {
    log.info(`ending the PostgreSQL of an earlier run (process ${pid})`);
    await endPostmaster(pid);
    return;
  }
  // PostgreSQL takes any process with this pid for a running server, also one that has nothing to do with it.
  await rm(pidFile, { force: true });
}

/**
 * PostgreSQL's fast shutdown: open transactions are rolled back, everything is written, the next start needs no recovery. Its immediate
 * shutdown if that takes too long.
 *
 * @throws LocalStackError if it still runs
 */
export async function endPostmaster(pid: number): Promise<void> {
  if (!(await endProcess(pid, ['SIGINT', 'SIGQUIT']))) throw new LocalStackError(`PostgreSQL (process ${pid}) does not end`);
}

/** A pid file outlives a reboot, and pids are used again: only a PostgreSQL at work in this very directory is ours to end. */
async function isPostgresIn(directory: string, pid: number): Promise<boolean> {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === (await realpath(directory));
    if (process.platform === 'win32') return execFileSync('tasklist', ['/FI', `PID eq ${pid}`], { encoding: 'utf8' }).includes('postgres');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(directory);
  } catch {
    return false;
  }
}
