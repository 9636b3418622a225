import { execFileSync, spawnSync } from 'node:child_process';
import { LocalStackError } from '../local-stack-error.ts';

export interface PostgresUser {
  uid: number;
  gid: number;
}

/**
 * Whom PostgreSQL runs as: it refuses to run as root, so root starts it as the system user `postgres`, made if missing. Anyone else
 * runs it as themselves, which is `undefined` here.
 *
 * @throws LocalStackError if the user cannot be made
 */
export function postgresUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const present = find('postgres');
  if (present !== undefined) return present;
  // Of two that start at once one fails to make it and finds the other's.
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = find('postgres');
  if (made !== undefined) return made;
  throw new LocalStackError('PostgreSQL must not run as root, and the user "postgres" could not be made: start Rekey as another user');
}

export function mayRun(program: string, user: PostgresUser): boolean {
  return spawnSync(program, ['--version'], { ...user, stdio: 'ignore' }).status === 0;
}

function find(name: string): PostgresUser | undefined {
  try {
    const id = (flag: string) => Number.parseInt(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), 10);
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
