import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

// The build's own settings, but specs are compiled too, and imports keep their `.ts`: Jest runs the sources.
const { exclude: _specs, $schema: _schema, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
const compile = { ...swc, swcrc: false, jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false } };

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@rekey/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', compile] },
  testMatch: ['<rootDir>/{apps,libs,tools,tests}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.rekey/'],
  modulePathIgnorePatterns: ['/dist/', '/.rekey/'],
  globalSetup: '<rootDir>/libs/test-kit/test-run/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/libs/test-kit/test-run/jest-global-teardown.mjs',
  testTimeout: 60_000,
  // Much of a test is waiting for other processes. Jest itself would leave a core alone, and with it half of two.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Modules of one spec are not given back to the next one's (nodejs/node#33439): a worker starts again before it is too large.
  workerIdleMemoryLimit: '1500MB',
  // One that nothing keeps alive gives back its heap before it is gone, for longer than the half second after which Jest would say that tests have leaked.
  workerGracefulExitTimeout: 30_000,
};
