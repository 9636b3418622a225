// `npm test`: makes the checkout ready and runs every test. Arguments go to Jest (`npm test -- libs/messaging`).
// The Kafka, browser and Python parts are left out, loudly, where they cannot run; REQUIRE_KAFKA=1, REQUIRE_BROWSER=1 and REQUIRE_PYTHON=1 make that a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
const failures = [];
for (const [index, part] of (given.length > 0 ? [given] : parts).entries()) {
  const { passed, failed, skipped, failedTests } = run(part, path.join(folder, `jest-${index}.json`));
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  failures.push(...failedTests);
}
rmSync(folder, { recursive: true, force: true });
// Said once more at the end: what Jest says of them may be thousands of lines above, or cut off.
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function run(args, resultFile) {
  const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--json', `--outputFile=${resultFile}`, ...args], {
    cwd: root,
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0, numPendingTests = 0, testResults = [] } = resultIn(resultFile);
  const failed = numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0) + (status !== 0 && numFailedTests + numFailedTestSuites === 0 ? 1 : 0);
  return { passed: numPassedTests, failed, skipped: numPendingTests, failedTests: testResults.filter(({ status: outcome }) => outcome === 'failed').flatMap(failuresOf) };
}

/** @returns a line or more for each failed test of a spec, or for the spec that could not run */
function failuresOf({ name, message, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const told = failed.length > 0 ? failed.map(({ fullName, failureMessages }) => [fullName, failureMessages.join('\n')]) : [['could not run', message]];
  return told.map(([title, text]) => `FAILED  ${path.relative(root, name)} › ${title}\n${essenceOf(text)}`);
}

/** The first lines of a failure that say something, and where in our own code it was. */
function essenceOf(text) {
  const lines = stripVTControlCharacters(text).split('\n').filter((line) => line.trim() !== '');
  const where = lines.find((line) => line.includes('.spec.ts:') || line.includes('.timing.ts:'));
  return [...lines.filter((line) => !/^\s+at /.test(line)).slice(0, 6), ...(where === undefined ? [] : [where])].map((line) => `        ${line.trim().slice(0, 240)}`).join('\n');
}

function resultIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
