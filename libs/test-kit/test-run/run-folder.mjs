import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** The folder of the test run whose main process has this pid: `rekey-test-<uid>/<pid>` in the system's temporary folder. */
export function runFolderOf(pid) {
  return join(tmpdir(), `rekey-test-${userInfo().uid}`, String(pid));
}
