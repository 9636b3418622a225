import base from '../../jest.config.mjs';

/** `npm run faults`: what takes too long to be tested at every change. @type {import('jest').Config} */
export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/tests/faults/*.faults.ts'], testTimeout: 3 * 3_600_000, maxWorkers: 1 };
