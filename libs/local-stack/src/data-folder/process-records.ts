import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalStackLog } from '../local-stack-log.ts';
import { endProcess } from './end-process.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';
import { identityOf, isStillRunning, parseIdentity } from './running-process.ts';

const patienceMs = 20_000;
const pidSuffix = '.pid';
const identitySuffix = '.process';

/**
 * The processes that one start keeps, in a folder: `<name>.pid` holds the pid, for people and scripts; `<name>.process` tells that
 * very process from a later one with the same pid.
 */
export class ProcessRecords {
  constructor(private readonly folder: string) {}

  async add(name: string, pid: number): Promise<void> {
    await writePrivateFile(join(this.folder, name + identitySuffix), JSON.stringify(identityOf(pid)));
    await writePrivateFile(join(this.folder, name + pidSuffix), `${pid}\n`);
  }

  async remove(name: string): Promise<void> {
    for (const suffix of [pidSuffix, identitySuffix]) await rm(join(this.folder, name + suffix), { force: true });
  }

  /**
   * Ends what outlived the process which started it, and removes the records of all others. Call it only with the data folder locked:
   * whatever of it then runs has no owner.
   *
   * @param spared have orphans of their own ended by whoever starts them; only their records are removed
   */
  async endOrphans(log: LocalStackLog, spared: readonly string[] = []): Promise<void> {
    const files = await readdir(this.folder).catch(() => []);
    const names = files.filter((file) => file.endsWith(identitySuffix)).map((file) => file.slice(0, -identitySuffix.length));
    await Promise.all(
      names.map(async (name) => {
        const left = parseIdentity(await readIfPresent(join(this.folder, name + identitySuffix)));
        if (left !== undefined && !spared.includes(name) && isStillRunning(left)) {
          log.info(`ending the ${name} of an earlier run (process ${left.pid})`);
          await endProcess(left.pid, ['SIGTERM', 'SIGKILL'], patienceMs);
        }
        await this.remove(name);
      }),
    );
  }
}
