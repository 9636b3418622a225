/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@rekey/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { configFile: '.swcrc', exclude: [] }] },
  testMatch: ['<rootDir>/{apps,libs,tools,tests}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.rekey/'],
  modulePathIgnorePatterns: ['/dist/', '/.rekey/'],
  testTimeout: 30_000,
};
