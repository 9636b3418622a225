// `npm test`: makes the checkout ready and runs every test. Arguments go to Jest (`npm test -- libs/messaging`).
// The Kafka, browser and Python parts are left out, loudly, where they cannot run; REQUIRE_KAFKA=1, REQUIRE_BROWSER=1 and REQUIRE_PYTHON=1 make that a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';

/** Specs that start programs, brokers and browsers: much of each is waiting for these, so two at a time, and never more. */
const heavy = ['/tests/', '/kafka-transport\\.spec'];
const parts = [
  ['--maxWorkers=2', '--testPathPatterns', ...heavy],
  ['--testPathIgnorePatterns', '/node_modules/', '/dist/', '/.rekey/', ...heavy],
];

await prepare();
const folder = mkdtempSync(path.join(os.tmpdir(), 'rekey-test-'));
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const given = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [index, part] of (given.length > 0 ? [given] : parts).entries()) {
  const { passed, failed, skipped } = run(part, path.join(folder, `jest-${index}.json`));
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function run(args, resultFile) {
  const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--json', `--outputFile=${resultFile}`, ...args], {
    cwd: root,
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0, numPendingTests = 0 } = resultIn(resultFile);
  const failed = numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0) + (status !== 0 && numFailedTests + numFailedTestSuites === 0 ? 1 : 0);
  return { passed: numPassedTests, failed, skipped: numPendingTests };
}

function resultIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
