// `npm test`: makes the checkout ready and runs every test. Arguments go to Jest (`npm test -- libs/messaging`).
// The Kafka and browser parts are left out, loudly, where they cannot run; REQUIRE_KAFKA=1 and REQUIRE_BROWSER=1 make that a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';

await prepare();
const folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-test-'));
const resultFile = path.join(folder, 'jest.json');
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--json', `--outputFile=${resultFile}`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['inherit', 'ignore', 'inherit'],
});
const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0, numPendingTests = 0 } = readResult();
rmSync(folder, { recursive: true, force: true });
const failed = numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0) + (status !== 0 && numFailedTests + numFailedTestSuites === 0 ? 1 : 0);
process.stdout.write(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}\n`);
process.exit(failed > 0 || numPassedTests === 0 ? 1 : 0);

function readResult() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    return {};
  }
}
