import { spawnSync } from 'node:child_process';
import { unlessRequired } from './requirement.ts';

/**
 * Why there is no Python with `cryptography` to run the example publisher with, in one line; `null` if there is.
 *
 * @throws with `REQUIRE_PYTHON=1`, instead of returning a reason
 */
export function pythonUnavailable(): string | null {
  const { status } = spawnSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' });
  return unlessRequired(status === 0 ? null : 'python3 with the module cryptography not found: install python3-cryptography', 'REQUIRE_PYTHON');
}
