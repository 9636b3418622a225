import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemCode } from '../local-stack-error.ts';

/** One process, told from a later one with the same pid. Pids come back soon in containers, where the same few are used at every start. */
export interface ProcessIdentity {
  pid: number;
  /** The boot, and the moment the process began in it; empty if the system does not say. */
  birth: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, birth: birthOf(pid) };
}

/** Reads what `JSON.stringify(identityOf(pid))` wrote; `undefined` if it is anything else. */
export function parseIdentity(content: string | undefined): ProcessIdentity | undefined {
  if (content === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed === 'object' && parsed !== null && 'pid' in parsed && typeof parsed.pid === 'number' && 'birth' in parsed && typeof parsed.birth === 'string') {
      return { pid: parsed.pid, birth: parsed.birth };
    }
  } catch {
    // Cut short or written by hand: it names no process.
  }
  return undefined;
}

export function isStillRunning({ pid, birth }: ProcessIdentity): boolean {
  return isRunning(pid) && birthOf(pid) === birth;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function birthOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '');
      // Field 22 of proc(5) stat, the 20th after the name: clock ticks from boot to start.
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${afterName.split(' ')[19]}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
