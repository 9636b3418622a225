import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LocalStackError, systemCode } from '../local-stack-error.ts';

/** Makes a folder only its owner may enter, parents included. @throws LocalStackError naming the folder */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Replaces `file` (mode 0600) as a whole: a reader sees the old content or the new, also after a power cut. */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  const temporary = await writeBeside(file, content);
  await rename(temporary, file);
}

/**
 * Reads `file`, making it with `content()` (mode 0600) if it is not there. When several processes race, one wins and all get its content.
 *
 * @throws LocalStackError naming the folder if it cannot be written
 */
export async function readOrMakePrivateFile(file: string, content: () => string | Promise<string>): Promise<string> {
  const present = await readIfPresent(file);
  if (present !== undefined) return present;
  await createPrivateFile(file, await content());
  return readFile(file, 'utf8');
}

/** Creates `file` with all its content at once. @returns false if it was there already */
export async function createPrivateFile(file: string, content: string): Promise<boolean> {
  const temporary = await writeBeside(file, content);
  try {
    // Unlike rename, link never replaces, so the first of several racers wins.
    await link(temporary, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw unwritable(dirname(file), error);
  } finally {
    await unlink(temporary);
  }
}

export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeBeside(file: string, content: string): Promise<string> {
  await makePrivateFolder(dirname(file));
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unwritable(dirname(file), error);
  }
  return temporary;
}

function unwritable(folder: string, error: unknown): LocalStackError {
  return new LocalStackError(`cannot write in the data folder ${folder} (${systemCode(error) ?? 'unknown reason'}): make it writable or set REKEY_HOME to another one`, {
    cause: error,
  });
}
