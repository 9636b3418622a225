import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, readIfPresent, readOrMakePrivateFile } from '../data-folder/private-file.ts';
import { LocalStackError } from '../local-stack-error.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { PostgresUser } from './postgres-user.ts';

export const superuser = 'postgres';

/** The files of one embedded PostgreSQL. */
export interface Cluster {
  /** PostgreSQL's own data directory (PGDATA). */
  directory: string;
  logFile: string;
  /** 256 random bits in hex, from which each role's password is derived. */
  secret: string;
}

/** Who may come in: from this machine only, and each service only to the database that is named like its role. */
const hostBasedAuthentication = `
host all      ${superuser} 127.0.0.1/32 scram-sha-256
host sameuser all      127.0.0.1/32 scram-sha-256
`;

/** Each role's own password: knowing one tells nothing of another. */
export function passwordOf(secret: string, role: string): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(`postgres role ${role}`).digest('base64url');
}

/**
 * Opens the cluster in a data folder, making it if there is none.
 *
 * @throws LocalStackError if the folder cannot be written, or the cluster's secret is gone
 */
export async function openCluster(dataFolder: string, binaries: PostgresBinaries, user: PostgresUser | undefined): Promise<Cluster> {
  await makePrivateFolder(dataFolder);
  const directory = join(dataFolder, 'cluster');
  const secretFile = join(dataFolder, 'secret');
  if (await isThere(join(directory, 'PG_VERSION'))) {
    const secret = await readIfPresent(secretFile);
    if (secret === undefined) throw new LocalStackError(`${secretFile} is missing: restore it, or remove ${dataFolder} to begin with an empty database`);
    return { directory, logFile: join(dataFolder, 'postgres.log'), secret };
  }
  const secret = await readOrMakePrivateFile(secretFile, () => randomBytes(32).toString('hex'));
  await initialise(directory, secret, binaries, user);
  return { directory, logFile: join(dataFolder, 'postgres.log'), secret };
}

/**
 * Where and how a PostgreSQL program is started: inside the data directory. On Linux it names the directory by way of its working
 * directory, so that it works also below a folder which only root may enter; the working directory is set before the user is changed.
 */
export function within(directory: string, user: PostgresUser | undefined) {
  const name = user !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : directory;
  // eslint-disable-next-line no-restricted-properties -- handed on whole to PostgreSQL's own programs, read by nobody here
  return { name, spawnOptions: { cwd: directory, ...user, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } } };
}

async function initialise(directory: string, secret: string, binaries: PostgresBinaries, user: PostgresUser | undefined): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
  await makePrivateFolder(unfinished);
  if (user !== undefined) await chown(unfinished, user.uid, user.gid);
  const passwordFolder = await mkdtemp(join(tmpdir(), 'rekey-initdb-'));
  const passwordFile = join(passwordFolder, 'password');
  try {
    await writeFile(passwordFile, passwordOf(secret, superuser), { mode: 0o600 });
    if (user !== undefined) for (const path of [passwordFile, passwordFolder]) await chown(path, user.uid, user.gid);
    const { name, spawnOptions } = within(unfinished, user);
    await run(
      binaries.initdb,
      [
        `--pgdata=${name}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256',
        '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions',
      ],
      spawnOptions,
    );
  } finally {
    await rm(passwordFolder, { recursive: true, force: true });
  }
  const rules = join(unfinished, 'pg_hba.conf');
  await writeFile(rules, hostBasedAuthentication);
  await chmod(rules, 0o600);
  await rename(unfinished, directory);
}

async function run(program: string, args: string[], options: ReturnType<typeof within>['spawnOptions']): Promise<void> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new LocalStackError(`initdb ended with ${code ?? 'a signal'}: ${output.trim().split('\n').slice(-5).join(' | ')}`);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
