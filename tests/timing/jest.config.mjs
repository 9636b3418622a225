import base from '../../jest.config.mjs';

/** `npm run test:timing`: what measures time, one after another and apart from everything else. @type {import('jest').Config} */
export default { ...base, rootDir: '../..', testMatch: ['<rootDir>/tests/timing/*.timing.ts'] };
